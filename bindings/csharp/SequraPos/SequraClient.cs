using System;

namespace SequraPos
{
    /// <summary>
    /// A till's connection to seQura and to its journal. Every call gives a result, and throws a SequraException
    /// where it is not done. Asking twice is safe. Any number of threads may use one client at once: calls about
    /// different orders do not wait for each other. What each call does, and what it puts into /data, is told in
    /// sequra_pos.h.
    /// </summary>
    public sealed partial class SequraClient : IDisposable
    {
        private readonly ClientHandle client;

        /// <summary>
        /// Opens a client with a configuration, one JSON object. No connection is made yet; the journal is opened,
        /// or made where there is none.
        /// </summary>
        public SequraClient(string configJson)
            : this(Native.sq_client_open, TextEncoding.Utf8.Text("configJson", configJson))
        {
        }

        private SequraClient(OpenFunction open, byte[] argument)
        {
            BufferHandle buffer;
            int status = open(argument, out client, out buffer);
            Encoding = TextEncoding.Utf8;
            Opened = new SequraResult(buffer, Encoding);
            try
            {
                // Its name is ASCII, and so is the way to it: it can be read before it is known.
                string name = Opened.Find("/data/text_encoding");
                if (name != null)
                {
                    Encoding = TextEncoding.Of(name);
                    Opened = new SequraResult(buffer, Encoding);
                }
                if (status != (int)SequraStatus.Ok)
                    throw SequraException.Of(status, Opened);
            }
            catch (NotSupportedException)
            {
                Dispose();
                throw;
            }
        }

        private delegate int OpenFunction(byte[] argument, out ClientHandle client, out BufferHandle result);

        /// <summary>
        /// Opens a client with a configuration file. Relative paths in it are relative to the working folder.
        /// </summary>
        public static SequraClient OpenFile(string path)
        {
            return new SequraClient(Native.sq_client_open_file, TextEncoding.Utf8.Text("path", path));
        }

        /// <summary>
        /// What opening it answered: "/data/journal/pending" says how many orders are unfinished (call Recover),
        /// Warnings whether a damaged journal was set aside. It goes with the client.
        /// </summary>
        public SequraResult Opened { get; private set; }

        /// <summary>Asks seQura whether it knows this account, and which merchants it has: "/data/merchants".</summary>
        public SequraResult CheckCredentials()
        {
            BufferHandle result;
            int status = Native.sq_check_credentials(Living, out result);
            return Finish(status, result);
        }

        /// <summary>Tries everything that a sale needs on this machine: "/data/tests", one row each.</summary>
        public SequraResult SelfTest()
        {
            BufferHandle result;
            int status = Native.sq_self_test(Living, out result);
            return Finish(status, result);
        }

        /// <summary>Lists payment methods, "/data/methods": of an order, or (null) of the configured merchants.</summary>
        public SequraResult PaymentMethods(string orderUrl = null)
        {
            BufferHandle result;
            int status = Native.sq_payment_methods(Living, Text("orderUrl", orderUrl), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// What an amount in cents costs in instalments, before there is an order: "/data/agreements".
        /// merchantOrCountry: a merchant, or the country it sells in ("ES"); null: every configured one. currency: null
        /// for euros.
        /// </summary>
        public SequraResult CreditAgreements(long totalCents, string merchantOrCountry = null, string currency = null)
        {
            BufferHandle result;
            int status = Native.sq_credit_agreements(
                Living, Text("merchantOrCountry", merchantOrCountry), totalCents, Text("currency", currency), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Everything that is wrong with an order or missing in it, the shopper's own first; each problem has an
        /// OperatorMessage of its own. Nothing is recorded, and nothing sent.
        /// </summary>
        public SequraResult CheckOrder(string orderJson)
        {
            BufferHandle result;
            int status = Native.sq_check_order(Living, Json("orderJson", orderJson), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Sends the order to seQura. Order.Url of the result is what the later calls take: keep it with the sale.
        /// Amounts are whole cents.
        /// </summary>
        public SequraResult StartSolicitation(string orderJson)
        {
            BufferHandle result;
            int status = Native.sq_start_solicitation(Living, Json("orderJson", orderJson), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Has seQura send the link to its form to the shopper's mobile. productCode: "pp3", or another of
        /// PaymentMethods.
        /// </summary>
        public SequraResult SendForm(string orderUrl, string productCode, string campaign = null)
        {
            BufferHandle result;
            int status = Native.sq_send_form(
                Living, Text("orderUrl", orderUrl), Text("productCode", productCode), Text("campaign", campaign), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Has seQura send the link to its form by channel "sms" or "email"; ask seQura whether the shop may send it by
        /// e-mail.
        /// </summary>
        public SequraResult SendFormBy(string orderUrl, string channel, string productCode, string campaign = null)
        {
            BufferHandle result;
            int status = Native.sq_send_form_by(
                Living, Text("orderUrl", orderUrl), Text("channel", channel), Text("productCode", productCode),
                Text("campaign", campaign), out result);
            return Finish(status, result);
        }

        /// <summary>Acknowledges that seQura has the order under review. orderJson as in Confirm.</summary>
        public SequraResult Hold(string orderUrl, string orderJson = null)
        {
            BufferHandle result;
            int status = Native.sq_hold(Living, Text("orderUrl", orderUrl), Json("orderJson", orderJson), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Confirms an order that the shopper says was approved. Complete the sale only when this returns, and hand
        /// the goods over only when Order.State of the result is SequraState.Settled.
        /// </summary>
        /// <param name="orderUrl">Order.Url of the start.</param>
        /// <param name="orderJson">The whole order as it is now; null: as last sent.</param>
        /// <exception cref="SequraConflictException">Do not complete the sale.</exception>
        /// <exception cref="SequraOutcomeUnknownException">It may be confirmed: call again, or Recover.</exception>
        public SequraResult Confirm(string orderUrl, string orderJson = null)
        {
            BufferHandle result;
            int status = Native.sq_confirm(Living, Text("orderUrl", orderUrl), Json("orderJson", orderJson), out result);
            return Finish(status, result);
        }

        /// <summary>Registers the shop's own number of the sale: without it seQura never pays the shop.</summary>
        /// <exception cref="SequraDuplicateOrderRefException">It is taken: call again with another number.</exception>
        public SequraResult SetOrderRef(string orderUrl, string orderRef1, string orderRef2 = null)
        {
            BufferHandle result;
            int status = Native.sq_set_order_ref(
                Living, Text("orderUrl", orderUrl), Text("orderRef1", orderRef1), Text("orderRef2", orderRef2), out result);
            return Finish(status, result);
        }

        /// <summary>Gives up an order (URL, uuid or order_ref_1) that will not become a sale.</summary>
        public SequraResult Abandon(string order)
        {
            BufferHandle result;
            int status = Native.sq_abandon(Living, Text("order", order), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// A person says what seQura's portal shows of an order (URL, uuid or order_ref_1) at risk: outcome
        /// "confirmed" or "not_confirmed", and for the log who looked.
        /// </summary>
        public SequraResult Resolve(string order, string outcome, string reason)
        {
            BufferHandle result;
            int status = Native.sq_resolve(
                Living, Text("order", order), Text("outcome", outcome), Text("reason", reason), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Where an order (URL, uuid or order_ref_1) stands, from the journal: "/data/amounts", both carts,
        /// "/data/history".
        /// </summary>
        public SequraResult OrderInfo(string order)
        {
            BufferHandle result;
            int status = Native.sq_order_info(Living, Text("order", order), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// What a till prints for the shopper of a confirmed or settled order, on paper of 24 to 80 columns:
        /// "/data/lines", and the same as "/data/fields".
        /// </summary>
        public SequraResult Receipt(string order, int columns)
        {
            BufferHandle result;
            int status = Native.sq_receipt(Living, Text("order", order), columns, out result);
            return Finish(status, result);
        }

        /// <summary>Changes carts, addresses, the customer, trackings; what is left out stays.</summary>
        public SequraResult UpdateOrder(string orderRef1, string updateJson)
        {
            BufferHandle result;
            int status = Native.sq_update_order(
                Living, Text("orderRef1", orderRef1), Json("updateJson", updateJson), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Goods were handed over or sent: [{"reference": "CAM-01", "quantity": 1}]; null: all that is left.
        /// </summary>
        public SequraResult Ship(string orderRef1, string itemsJson = null)
        {
            BufferHandle result;
            int status = Native.sq_ship(Living, Text("orderRef1", orderRef1), Json("itemsJson", itemsJson), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Goods came back, {"items": [...]}, or an amount is paid back, {"amount": 500, "reason": "..."}; null:
        /// everything that was shipped.
        /// </summary>
        public SequraResult Refund(string orderRef1, string refundJson = null)
        {
            BufferHandle result;
            int status = Native.sq_refund(Living, Text("orderRef1", orderRef1), Json("refundJson", refundJson), out result);
            return Finish(status, result);
        }

        /// <summary>Cancels an order of which nothing was shipped.</summary>
        public SequraResult Cancel(string orderRef1, string reason = null)
        {
            BufferHandle result;
            int status = Native.sq_cancel(Living, Text("orderRef1", orderRef1), Text("reason", reason), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Hands a settled order over to another till, and closes it here: "/data/document" is for its
        /// TakeOver, as it is.
        /// </summary>
        public SequraResult HandOver(string order)
        {
            BufferHandle result;
            int status = Native.sq_hand_over(Living, Text("order", order), out result);
            return Finish(status, result);
        }

        /// <summary>Goes on with an order that another till has handed over with this document.</summary>
        public SequraResult TakeOver(string document)
        {
            BufferHandle result;
            int status = Native.sq_take_over(Living, Text("document", document), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Tells seQura what was shipped, once a day, even if it is nothing. null: what the journal knows; or a
        /// report of the till's own.
        /// </summary>
        public SequraResult SendDeliveryReport(string reportJson = null)
        {
            BufferHandle result;
            int status = Native.sq_send_delivery_report(Living, Json("reportJson", reportJson), out result);
            return Finish(status, result);
        }

        /// <summary>What seQura has paid out: the list, or one of them by its path.</summary>
        public SequraResult Disbursements(string path = null)
        {
            BufferHandle result;
            int status = Native.sq_disbursements(Living, Text("path", path), out result);
            return Finish(status, result);
        }

        /// <summary>Every unfinished order, and the money at risk: "/data/orders", "/data/at_risk".</summary>
        public SequraResult Pending()
        {
            BufferHandle result;
            int status = Native.sq_pending(Living, out result);
            return Finish(status, result);
        }

        /// <summary>
        /// The figures between two moments such as "2026-11-27T09:00:00+01:00": "/data/sold/EUR/shop_es", and others.
        /// Both null: this machine's local day.
        /// </summary>
        public SequraResult Day(string since = null, string until = null)
        {
            BufferHandle result;
            int status = Native.sq_day(Living, Text("since", since), Text("until", until), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Sends again what a crash or a lost answer left open, of one order or (null) of all. Call it when the till
        /// starts. Where some could not be settled it throws, and the others are settled all the same:
        /// "/data/orders" of the exception's Result.
        /// </summary>
        public SequraResult Recover(string order = null)
        {
            BufferHandle result;
            int status = Native.sq_recover(Living, Text("order", order), out result);
            return Finish(status, result);
        }

        /// <summary>Holds the settled orders against what seQura has paid out.</summary>
        public SequraResult Reconcile()
        {
            BufferHandle result;
            int status = Native.sq_reconcile(Living, out result);
            return Finish(status, result);
        }

        /// <summary>
        /// The transaction log, "/data/entries". The query is null or an object:
        /// {"order": "...", "attention": true, "limit": 100, "after": ...}, all optional.
        /// </summary>
        public SequraResult Log(string queryJson = null)
        {
            BufferHandle result;
            int status = Native.sq_log(Living, Json("queryJson", queryJson), out result);
            return Finish(status, result);
        }

        /// <summary>Marks an entry of the log, by its "id", as seen to.</summary>
        public SequraResult LogDismiss(long entryId)
        {
            BufferHandle result;
            int status = Native.sq_log_dismiss(Living, entryId, out result);
            return Finish(status, result);
        }

        /// <summary>Gives a text back in "/data/text", through the client's text_encoding, for testing.</summary>
        public SequraResult Echo(string text)
        {
            BufferHandle result;
            int status = Native.sq_echo(Living, Text("text", text), out result);
            return Finish(status, result);
        }

        /// <summary>
        /// Closes the client; calls that other threads have in progress end as usual. The journal stays, and so do
        /// results. Twice does nothing.
        /// </summary>
        public void Dispose()
        {
            client.Dispose();
            Opened.Dispose();
        }

        internal TextEncoding Encoding { get; private set; }

        internal ClientHandle Living
        {
            get
            {
                if (client.IsClosed)
                    throw new ObjectDisposedException("SequraClient", "This client is disposed of.");
                return client;
            }
        }

        private byte[] Text(string parameter, string text)
        {
            return Encoding.Text(parameter, text);
        }

        private byte[] Json(string parameter, string json)
        {
            return Encoding.Json(parameter, json);
        }

        private SequraResult Finish(int status, BufferHandle result)
        {
            return SequraResult.Finish(status, result, Encoding);
        }
    }
}
