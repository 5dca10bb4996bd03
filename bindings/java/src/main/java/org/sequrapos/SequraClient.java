package org.sequrapos;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * A till's connection to seQura and to its journal. Any number of threads may use one at once.
 *
 * <p>Every call gives a {@link Result}, and throws a {@link SequraException} where it is not done.
 * Asking twice is safe. Orders and all else that is JSON is given as text: the till's own JSON
 * library writes it, or an {@link OrderBuilder}.
 */
public final class SequraClient implements AutoCloseable {

    private final Handle handle;
    private final Result opened;
    private final TextEncoding encoding;

    private interface Opening {
        int with(PointerByReference client, PointerByReference out);
    }

    private SequraClient(Opening opening) throws SequraException {
        PointerByReference client = new PointerByReference();
        PointerByReference out = new PointerByReference();
        int status = opening.with(client, out);
        // Before anything below can fail: what was opened will be closed.
        handle = new Handle(this, client.getValue(), LibraryLoader.library()::sq_client_close);
        opened = new Result(out.getValue(), TextEncoding.UTF_8);
        boolean usable = false;
        try {
            encoding = opened.learnEncoding();
            if (status != Status.OK) {
                throw SequraException.of(status, opened);
            }
            usable = true;
        } finally {
            if (!usable) {
                handle.release();
            }
        }
    }

    /**
     * Opens a client with a configuration. No connection is made yet; the journal is opened, or made
     * where there is none.
     */
    public static SequraClient open(String configJson) throws SequraException {
        byte[] config = TextEncoding.UTF_8.json("configJson", configJson);
        return new SequraClient((client, out) -> LibraryLoader.library().sq_client_open(config, client, out));
    }

    /**
     * Opens a client with a configuration file. Relative paths in it are relative to the working
     * directory.
     */
    public static SequraClient openFile(String path) throws SequraException {
        byte[] file = TextEncoding.UTF_8.text("path", path);
        return new SequraClient((client, out) -> LibraryLoader.library().sq_client_open_file(file, client, out));
    }

    /** What opening it answered: /data/journal/pending, warnings. Freed when the client is closed. */
    public Result getOpened() {
        return opened;
    }

    // ---- the account

    /** Asks seQura whether it knows this account, and which merchants it has: /data/merchants. */
    public Result checkCredentials() throws SequraException {
        return call((library, client, out) -> library.sq_check_credentials(client, out));
    }

    /** Tries everything that a sale needs on this machine: /data/tests, one row each. */
    public Result selfTest() throws SequraException {
        return call((library, client, out) -> library.sq_self_test(client, out));
    }

    /** Lists the payment methods of the configured merchants: /data/methods. */
    public Result paymentMethods() throws SequraException {
        return paymentMethods(null);
    }

    /** Lists the payment methods of an order: /data/methods. */
    public Result paymentMethods(String orderUrl) throws SequraException {
        byte[] url = text("orderUrl", orderUrl);
        return call((library, client, out) -> library.sq_payment_methods(client, url, out));
    }

    /** What an amount in cents costs in instalments, of every configured merchant: /data/agreements. */
    public Result creditAgreements(long totalCents) throws SequraException {
        return creditAgreements(totalCents, null, null);
    }

    /**
     * What an amount in cents costs in instalments, before there is an order: /data/agreements.
     *
     * @param merchantOrCountry a merchant, or the country it sells in ("ES"); null: every configured one
     * @param currency null for euros
     */
    public Result creditAgreements(long totalCents, String merchantOrCountry, String currency)
            throws SequraException {
        byte[] whom = text("merchantOrCountry", merchantOrCountry);
        byte[] currencyBytes = text("currency", currency);
        return call((library, client, out) ->
                library.sq_credit_agreements(client, whom, totalCents, currencyBytes, out));
    }

    // ---- the checkout

    /**
     * Everything that is wrong with an order or missing in it, the shopper's own first; each problem has
     * an operator message of its own. Nothing is recorded, and nothing sent.
     */
    public Result checkOrder(String orderJson) throws SequraException {
        byte[] order = json("orderJson", orderJson);
        return call((library, client, out) -> library.sq_check_order(client, order, out));
    }

    /**
     * Sends the order to seQura. The URL of the result's order is what the later calls take: keep it
     * with the sale. Amounts are whole cents.
     */
    public Result startSolicitation(String orderJson) throws SequraException {
        byte[] order = json("orderJson", orderJson);
        return call((library, client, out) -> library.sq_start_solicitation(client, order, out));
    }

    /** Has seQura send the link to its form to the shopper's mobile. */
    public Result sendForm(String orderUrl, String productCode) throws SequraException {
        return sendForm(orderUrl, productCode, null);
    }

    /**
     * Has seQura send the link to its form to the shopper's mobile.
     *
     * @param productCode "pp3", or another one of {@link #paymentMethods()}
     * @param campaign null, but for pp5
     */
    public Result sendForm(String orderUrl, String productCode, String campaign) throws SequraException {
        byte[] url = text("orderUrl", orderUrl);
        byte[] product = text("productCode", productCode);
        byte[] campaignBytes = text("campaign", campaign);
        return call((library, client, out) -> library.sq_send_form(client, url, product, campaignBytes, out));
    }

    /** Has seQura send the link to its form by channel "sms" or "email". */
    public Result sendFormBy(String orderUrl, String channel, String productCode) throws SequraException {
        return sendFormBy(orderUrl, channel, productCode, null);
    }

    /**
     * Has seQura send the link to its form to the shopper.
     *
     * @param channel "sms" or "email"; ask seQura whether the shop may send it by e-mail
     * @param productCode "pp3", or another one of {@link #paymentMethods()}
     * @param campaign null, but for pp5
     */
    public Result sendFormBy(String orderUrl, String channel, String productCode, String campaign)
            throws SequraException {
        byte[] url = text("orderUrl", orderUrl);
        byte[] way = text("channel", channel);
        byte[] product = text("productCode", productCode);
        byte[] campaignBytes = text("campaign", campaign);
        return call((library, client, out) ->
                library.sq_send_form_by(client, url, way, product, campaignBytes, out));
    }

    /** Acknowledges that seQura has the order under review: the order as last sent. */
    public Result hold(String orderUrl) throws SequraException {
        return hold(orderUrl, null);
    }

    /** Acknowledges that seQura has the order under review: the whole order as it is now. */
    public Result hold(String orderUrl, String orderJson) throws SequraException {
        byte[] url = text("orderUrl", orderUrl);
        byte[] order = json("orderJson", orderJson);
        return call((library, client, out) -> library.sq_hold(client, url, order, out));
    }

    /** Confirms an order as it was last sent; otherwise as {@link #confirm(String, String)}. */
    public Result confirm(String orderUrl) throws SequraException {
        return confirm(orderUrl, null);
    }

    /**
     * Confirms an order that the shopper says was approved.
     *
     * <p>Complete the sale only when this returns, and hand the goods over only when the order's
     * state is {@link State#SETTLED}.
     *
     * @param orderJson the whole order as it is now; null: as last sent
     * @throws ConflictException do not complete the sale
     * @throws OutcomeUnknownException it may be confirmed: call again, or {@link #recover()}
     */
    public Result confirm(String orderUrl, String orderJson) throws SequraException {
        byte[] url = text("orderUrl", orderUrl);
        byte[] order = json("orderJson", orderJson);
        return call((library, client, out) -> library.sq_confirm(client, url, order, out));
    }

    /** Registers the shop's own number of the sale: without it seQura never pays the shop. */
    public Result setOrderRef(String orderUrl, String orderRef1) throws SequraException {
        return setOrderRef(orderUrl, orderRef1, null);
    }

    /**
     * Registers the shop's own number of the sale: without it seQura never pays the shop.
     *
     * @param orderRef2 a second one, or null
     * @throws DuplicateOrderRefException the number is taken: call it again with another one
     */
    public Result setOrderRef(String orderUrl, String orderRef1, String orderRef2) throws SequraException {
        byte[] url = text("orderUrl", orderUrl);
        byte[] first = text("orderRef1", orderRef1);
        byte[] second = text("orderRef2", orderRef2);
        return call((library, client, out) -> library.sq_set_order_ref(client, url, first, second, out));
    }

    /** Gives up an order (URL, uuid or order_ref_1) that will not become a sale. */
    public Result abandon(String order) throws SequraException {
        byte[] which = text("order", order);
        return call((library, client, out) -> library.sq_abandon(client, which, out));
    }

    /**
     * A person says what seQura's portal shows of an order (URL, uuid or order_ref_1) at risk.
     *
     * @param outcome "confirmed" or "not_confirmed"
     * @param reason for the log: who looked, and when
     */
    public Result resolve(String order, String outcome, String reason) throws SequraException {
        byte[] which = text("order", order);
        byte[] what = text("outcome", outcome);
        byte[] why = text("reason", reason);
        return call((library, client, out) -> library.sq_resolve(client, which, what, why, out));
    }

    // ---- after the sale

    /** Where an order (URL, uuid or order_ref_1) stands, from the journal: /data/amounts, ... */
    public Result orderInfo(String order) throws SequraException {
        byte[] which = text("order", order);
        return call((library, client, out) -> library.sq_order_info(client, which, out));
    }

    /**
     * What a till prints for the shopper of a confirmed or settled order, on paper of 24 to 80 columns:
     * /data/lines, and the same as /data/fields.
     */
    public Result receipt(String order, int columns) throws SequraException {
        byte[] which = text("order", order);
        return call((library, client, out) -> library.sq_receipt(client, which, columns, out));
    }

    /** Changes carts, addresses, the customer, trackings; what is left out stays. */
    public Result updateOrder(String orderRef1, String updateJson) throws SequraException {
        byte[] reference = text("orderRef1", orderRef1);
        byte[] update = json("updateJson", updateJson);
        return call((library, client, out) -> library.sq_update_order(client, reference, update, out));
    }

    /** All goods that are left were handed over or sent. */
    public Result ship(String orderRef1) throws SequraException {
        return ship(orderRef1, null);
    }

    /**
     * Goods were handed over or sent.
     *
     * @param itemsJson [{"reference": "CAM-01", "quantity": 1}]; null: all that is left
     */
    public Result ship(String orderRef1, String itemsJson) throws SequraException {
        byte[] reference = text("orderRef1", orderRef1);
        byte[] items = json("itemsJson", itemsJson);
        return call((library, client, out) -> library.sq_ship(client, reference, items, out));
    }

    /** Everything that was shipped came back. */
    public Result refund(String orderRef1) throws SequraException {
        return refund(orderRef1, null);
    }

    /**
     * Goods came back, or an amount is paid back.
     *
     * @param refundJson {"items": [...]} or {"amount": 500, "reason": "..."}; null: everything that
     *     was shipped
     */
    public Result refund(String orderRef1, String refundJson) throws SequraException {
        byte[] reference = text("orderRef1", orderRef1);
        byte[] refund = json("refundJson", refundJson);
        return call((library, client, out) -> library.sq_refund(client, reference, refund, out));
    }

    /** Cancels an order of which nothing was shipped. */
    public Result cancel(String orderRef1) throws SequraException {
        return cancel(orderRef1, null);
    }

    /** Cancels an order of which nothing was shipped, and tells seQura why: "customer_cancel". */
    public Result cancel(String orderRef1, String reason) throws SequraException {
        byte[] reference = text("orderRef1", orderRef1);
        byte[] why = text("reason", reason);
        return call((library, client, out) -> library.sq_cancel(client, reference, why, out));
    }

    /**
     * Hands a settled order over to another till, and closes it here: /data/document is for its takeOver, as
     * it is.
     */
    public Result handOver(String order) throws SequraException {
        byte[] which = text("order", order);
        return call((library, client, out) -> library.sq_hand_over(client, which, out));
    }

    /** Goes on with an order that another till has handed over with this document. */
    public Result takeOver(String document) throws SequraException {
        byte[] given = text("document", document);
        return call((library, client, out) -> library.sq_take_over(client, given, out));
    }

    /** Tells seQura what was shipped since the last report. Once a day, even if it is nothing. */
    public Result sendDeliveryReport() throws SequraException {
        return sendDeliveryReport(null);
    }

    /** Tells seQura what was shipped, by a report of the till's own; what it leaves out is as without. */
    public Result sendDeliveryReport(String reportJson) throws SequraException {
        byte[] report = json("reportJson", reportJson);
        return call((library, client, out) -> library.sq_send_delivery_report(client, report, out));
    }

    /** What seQura has paid out: /data/disbursements. */
    public Result disbursements() throws SequraException {
        return disbursements(null);
    }

    /** One disbursement with its lines, by its path in the list: /data/disbursement. */
    public Result disbursements(String path) throws SequraException {
        byte[] which = text("path", path);
        return call((library, client, out) -> library.sq_disbursements(client, which, out));
    }

    // ---- the journal

    /** Every unfinished order, and the money at risk: /data/orders, /data/at_risk. */
    public Result pending() throws SequraException {
        return call((library, client, out) -> library.sq_pending(client, out));
    }

    /** The figures of this machine's local day: /data/sold/EUR/shop_es, and others. */
    public Result day() throws SequraException {
        return day(null, null);
    }

    /** The same between two moments such as "2026-11-27T09:00:00+01:00". */
    public Result day(String since, String until) throws SequraException {
        byte[] from = text("since", since);
        byte[] to = text("until", until);
        return call((library, client, out) -> library.sq_day(client, from, to, out));
    }

    /**
     * Sends again what a crash or a lost answer left open. Call it when the till starts. Where some
     * could not be settled it throws, and the others are settled all the same: /data/orders of the
     * exception's result.
     */
    public Result recover() throws SequraException {
        return recover(null);
    }

    /** The same for one order (URL, uuid or order_ref_1). */
    public Result recover(String order) throws SequraException {
        byte[] which = text("order", order);
        return call((library, client, out) -> library.sq_recover(client, which, out));
    }

    /** Holds what was settled here against what seQura has paid out: /data/not_yet_paid, ... */
    public Result reconcile() throws SequraException {
        return call((library, client, out) -> library.sq_reconcile(client, out));
    }

    /** The transaction log, what needs attention first: /data/entries. */
    public Result log() throws SequraException {
        return log(null);
    }

    /** The transaction log, by a query: {"attention": true, "limit": 10}. */
    public Result log(String queryJson) throws SequraException {
        byte[] query = json("queryJson", queryJson);
        return call((library, client, out) -> library.sq_log(client, query, out));
    }

    /** Marks an entry of the log as seen to, by its id. */
    public Result logDismiss(long entryId) throws SequraException {
        return call((library, client, out) -> library.sq_log_dismiss(client, entryId, out));
    }

    // ---- its life

    /** Gives a text back in /data/text, for testing. */
    public Result echo(String text) throws SequraException {
        byte[] bytes = text("text", text);
        return call((library, client, out) -> library.sq_echo(client, bytes, out));
    }

    /**
     * The encoding that its texts go through, which the configuration names. UTF-8 unless that is
     * written for tills in other languages.
     */
    public String getTextEncoding() {
        return encoding.name();
    }

    public boolean isClosed() {
        return handle.isReleased();
    }

    /**
     * Closes it; calls that other threads have in progress end as usual, and results stay. Twice
     * does nothing.
     */
    @Override
    public void close() {
        handle.release();
        opened.free();
    }

    // ---- how a call is made

    private interface Call {
        int on(SequraPosLibrary library, Pointer client, PointerByReference out);
    }

    private Result call(Call call) throws SequraException {
        Pointer client = living();
        try {
            return Result.of(encoding, out -> call.on(LibraryLoader.library(), client, out));
        } finally {
            Handle.keep(this);
        }
    }

    private byte[] text(String what, String text) {
        return encoding.text(what, text);
    }

    private byte[] json(String what, String json) {
        return encoding.json(what, json);
    }

    Pointer living() {
        return handle.get("this client is closed");
    }

    TextEncoding encoding() {
        return encoding;
    }
}
