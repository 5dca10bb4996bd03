"""A till's connection to seQura and to its journal."""

import os
import weakref
from ctypes import byref, c_uint32, c_void_p, create_string_buffer
from typing import Any, Callable, Mapping, Optional, Sequence, Union

from . import _errors, orders, results
from ._declarations import Status
from ._library import native
from ._order import OrderBuilder, int32, int64
from ._result import Result, finish
from ._text import UTF_8, Encoding
from ._worker import in_worker

#: An order: with types, as dicts and lists, as JSON, or being built.
OrderLike = Union[orders.Order, Mapping[str, Any], str, OrderBuilder]
#: Anything else that becomes JSON: as dicts and lists, or as JSON.
JsonLike = Union[Mapping[str, Any], Sequence[Any], str]


class Client:
    """A till's connection to seQura and to its journal. Any number of threads may use one at once.

    Every call gives a Result, and raises a SequraError where it is not done. Asking twice is safe.
    Close it with close(), or use it in a with statement.

    Every call is there a second time, to be awaited: confirm_async and so on. A worker thread makes it.
    Whoever cancels it, or lets it time out (asyncio.wait_for), ends the wait and not the call: the sale
    may go on to be confirmed, as after OutcomeUnknown. Keep the goods, take no other payment; the same
    call again, or recover, says what came of it.
    """

    #: What opening it answered: data["journal"]["pending"], warnings.
    opened: Result[results.ClientOpenData]

    def __init__(self, config: Union[Mapping[str, Any], str]) -> None:
        """Opens a client with a configuration: a dict, or JSON. No connection is made yet; the
        journal is opened, or made where there is none."""
        self._open(native.sq_client_open, UTF_8.json("config", config))

    @classmethod
    def open_file(cls, path: "Union[str, os.PathLike[str]]") -> "Client":
        """Opens a client with a configuration file. Relative paths in it are relative to the working
        directory."""
        client = cls.__new__(cls)
        name = os.fsencode(path)
        if b"\0" in name:
            raise ValueError("path has a NUL in it")
        client._open(native.sq_client_open_file, name)
        return client

    def _open(self, function: Callable[..., int], argument: bytes) -> None:
        handle, out = c_void_p(), c_void_p()
        status = function(argument, byref(handle), byref(out))
        self._handle = handle.value
        # Before anything below can fail: what was opened will be closed.
        self._close = weakref.finalize(self, native.sq_client_close, handle.value)
        opened: Result[results.ClientOpenData] = Result(out.value, UTF_8)
        self._encoding = opened._encoding = Encoding(_text_encoding(out.value))
        if status != Status.OK:
            self._close()
            raise _errors.of_result(status, opened)
        opened.document  # read now, it stays when the client is closed
        self.opened = opened

    # -- the account

    def check_credentials(self) -> Result[results.CheckCredentialsData]:
        """Asks seQura whether it knows this account, and which merchants it has:
        data["merchants"]."""
        return self._call(native.sq_check_credentials)

    def self_test(self) -> Result[results.SelfTestData]:
        """Tries everything that a sale needs on this machine: data["tests"], one row each."""
        return self._call(native.sq_self_test)

    def payment_methods(self, order_url: Optional[str] = None) -> Result[results.PaymentMethodsData]:
        """Lists payment methods: data["methods"], of an order or of the configured merchants."""
        return self._call(native.sq_payment_methods, self._text("order_url", order_url))

    def credit_agreements(
        self, total_cents: int, merchant_or_country: Optional[str] = None, currency: Optional[str] = None
    ) -> Result[results.CreditAgreementsData]:
        """What an amount costs in instalments, before there is an order: data["agreements"].
        `merchant_or_country`: a merchant, or the country it sells in ("ES"); None: every configured
        one. `currency`: None for euros."""
        return self._call(
            native.sq_credit_agreements,
            self._text("merchant_or_country", merchant_or_country),
            int64("total_cents", total_cents),
            self._text("currency", currency),
        )

    # -- the checkout

    def check_order(self, order: OrderLike) -> Result[None]:
        """Everything that is wrong with an order or missing in it, the shopper's own first; each
        problem has an operator_message of its own. Nothing is recorded, and nothing sent."""
        return self._call(native.sq_check_order, self._json("order", order))

    def start_solicitation(self, order: OrderLike) -> Result[None]:
        """Sends the order to seQura. order.url of the result is what the later calls take: keep it
        with the sale. Amounts are whole cents."""
        return self._call(native.sq_start_solicitation, self._json("order", order))

    def send_form(self, order_url: str, product_code: str, campaign: Optional[str] = None) -> Result[None]:
        """Has seQura send the link to its form to the shopper's mobile. `product_code`: "pp3", or
        another of payment_methods."""
        return self._call(
            native.sq_send_form,
            self._text("order_url", order_url),
            self._text("product_code", product_code),
            self._text("campaign", campaign),
        )

    def send_form_by(
        self, order_url: str, channel: str, product_code: str, campaign: Optional[str] = None
    ) -> Result[None]:
        """Has seQura send the link to its form by channel "sms" or "email"; ask seQura whether the
        shop may send it by e-mail."""
        return self._call(
            native.sq_send_form_by,
            self._text("order_url", order_url),
            self._text("channel", channel),
            self._text("product_code", product_code),
            self._text("campaign", campaign),
        )

    def hold(self, order_url: str, order: Optional[OrderLike] = None) -> Result[None]:
        """Acknowledges that seQura has the order under review. `order` as in confirm."""
        return self._call(
            native.sq_hold, self._text("order_url", order_url), self._json("order", order)
        )

    def confirm(self, order_url: str, order: Optional[OrderLike] = None) -> Result[None]:
        """Confirms an order that the shopper says was approved. `order`: the whole order as it is
        now; None: as last sent.

        Complete the sale only when this returns, and hand the goods over only when order.state is
        "settled". Conflict: do not complete it. OutcomeUnknown: call again, or recover.
        """
        return self._call(
            native.sq_confirm, self._text("order_url", order_url), self._json("order", order)
        )

    def set_order_ref(
        self, order_url: str, order_ref_1: str, order_ref_2: Optional[str] = None
    ) -> Result[None]:
        """Registers the shop's own number of the sale: without it seQura never pays the shop.
        DuplicateOrderRef: call it again with another number."""
        return self._call(
            native.sq_set_order_ref,
            self._text("order_url", order_url),
            self._text("order_ref_1", order_ref_1),
            self._text("order_ref_2", order_ref_2),
        )

    def abandon(self, order: str) -> Result[None]:
        """Gives up an order (URL, uuid or order_ref_1) that will not become a sale."""
        return self._call(native.sq_abandon, self._text("order", order))

    def resolve(self, order: str, outcome: str, reason: str) -> Result[None]:
        """A person says what seQura's portal shows of an order (URL, uuid or order_ref_1) at risk:
        outcome "confirmed" or "not_confirmed", and for the log who looked."""
        return self._call(
            native.sq_resolve,
            self._text("order", order),
            self._text("outcome", outcome),
            self._text("reason", reason),
        )

    # -- after the sale

    def order_info(self, order: str) -> Result[results.OrderInfoData]:
        """Where an order (URL, uuid or order_ref_1) stands, from the journal: data["amounts"], both
        carts, data["history"]."""
        return self._call(native.sq_order_info, self._text("order", order))

    def receipt(self, order: str, columns: int = 32) -> Result[results.ReceiptData]:
        """What a till prints for the shopper of a confirmed or settled order, on paper of 24 to 80
        columns: data["lines"], and the same as data["fields"]."""
        return self._call(native.sq_receipt, self._text("order", order), int32("columns", columns))

    def update_order(self, order_ref_1: str, update: Union[orders.Order, JsonLike]) -> Result[results.ChangeData]:
        """Changes carts, addresses, the customer, trackings; what is left out stays. `update`: an
        orders.Order with what changes, or the same as dicts or as JSON."""
        return self._call(
            native.sq_update_order,
            self._text("order_ref_1", order_ref_1),
            self._json("update", update),
        )

    def ship(self, order_ref_1: str, items: Optional[JsonLike] = None) -> Result[results.ChangeData]:
        """Goods were handed over or sent: [{"reference": "CAM-01", "quantity": 1}]; None: all that
        is left."""
        return self._call(
            native.sq_ship, self._text("order_ref_1", order_ref_1), self._json("items", items)
        )

    def refund(self, order_ref_1: str, refund: Optional[JsonLike] = None) -> Result[results.RefundData]:
        """Goods came back, {"items": [...]}, or an amount is paid back, {"amount": 500, "reason":
        "..."}; None: everything that was shipped."""
        return self._call(
            native.sq_refund, self._text("order_ref_1", order_ref_1), self._json("refund", refund)
        )

    def cancel(self, order_ref_1: str, reason: Optional[str] = None) -> Result[results.ChangeData]:
        """Cancels an order of which nothing was shipped."""
        return self._call(
            native.sq_cancel, self._text("order_ref_1", order_ref_1), self._text("reason", reason)
        )

    def hand_over(self, order: str) -> Result[results.HandOverData]:
        """Hands a settled order over to another till, and closes it here: data["document"] is for its
        take_over, as it is."""
        return self._call(native.sq_hand_over, self._text("order", order))

    def take_over(self, document: str) -> Result[results.TakeOverData]:
        """Goes on with an order that another till has handed over with this document."""
        return self._call(native.sq_take_over, self._text("document", document))

    def send_delivery_report(self, report: Optional[JsonLike] = None) -> Result[results.SendDeliveryReportData]:
        """Tells seQura what was shipped, once a day, even if it is nothing: data["reports"]. `report`:
        one of the till's own; None: what the journal knows was shipped since the last one."""
        return self._call(native.sq_send_delivery_report, self._json("report", report))

    def disbursements(self, path: Optional[str] = None) -> Result[results.DisbursementsData]:
        """What seQura has paid out: the list, or one of them by its path."""
        return self._call(native.sq_disbursements, self._text("path", path))

    # -- the journal

    def pending(self) -> Result[results.PendingData]:
        """Every unfinished order, and the money at risk: data["orders"], data["at_risk"]."""
        return self._call(native.sq_pending)

    def day(self, since: Optional[str] = None, until: Optional[str] = None) -> Result[results.DayData]:
        """The figures between two moments such as "2026-11-27T09:00:00+01:00": data["sold"] and
        others, by currency and merchant. Both None: this machine's local day."""
        return self._call(native.sq_day, self._text("since", since), self._text("until", until))

    def recover(self, order: Optional[str] = None) -> Result[results.RecoverData]:
        """Sends again what a crash or a lost answer left open, of one order or of all. Call it when
        the till starts. Where some could not be settled it raises, and the others are settled all
        the same: result.data["orders"] of the exception."""
        return self._call(native.sq_recover, self._text("order", order))

    def reconcile(self) -> Result[results.ReconcileData]:
        """Holds the settled orders against what seQura has paid out."""
        return self._call(native.sq_reconcile)

    def log(self, query: Optional[JsonLike] = None) -> Result[results.LogData]:
        """The transaction log: data["entries"]. `query`: {"order": ..., "attention": True, "limit":
        100, "after": ...}, all optional."""
        return self._call(native.sq_log, self._json("query", query))

    def log_dismiss(self, entry_id: int) -> Result[None]:
        """Marks an entry of the log as seen to."""
        return self._call(native.sq_log_dismiss, int64("entry_id", entry_id))

    def echo(self, text: str) -> Result[results.EchoData]:
        """Gives a text back in data["text"], through the client's encoding, for testing."""
        return self._call(native.sq_echo, self._encoding.text("text", text))

    # -- the same, awaited

    @classmethod
    async def open_async(cls, config: Union[Mapping[str, Any], str]) -> "Client":
        """Client(config), awaited."""
        return await in_worker(cls, config)

    @classmethod
    async def open_file_async(cls, path: "Union[str, os.PathLike[str]]") -> "Client":
        """open_file, awaited."""
        return await in_worker(cls.open_file, path)

    async def check_credentials_async(self) -> Result[results.CheckCredentialsData]:
        """check_credentials, awaited."""
        return await in_worker(self.check_credentials)

    async def self_test_async(self) -> Result[results.SelfTestData]:
        """self_test, awaited."""
        return await in_worker(self.self_test)

    async def payment_methods_async(
        self, order_url: Optional[str] = None
    ) -> Result[results.PaymentMethodsData]:
        """payment_methods, awaited."""
        return await in_worker(self.payment_methods, order_url)

    async def credit_agreements_async(
        self, total_cents: int, merchant_or_country: Optional[str] = None, currency: Optional[str] = None
    ) -> Result[results.CreditAgreementsData]:
        """credit_agreements, awaited."""
        return await in_worker(self.credit_agreements, total_cents, merchant_or_country, currency)

    async def check_order_async(self, order: OrderLike) -> Result[None]:
        """check_order, awaited."""
        return await in_worker(self.check_order, order)

    async def start_solicitation_async(self, order: OrderLike) -> Result[None]:
        """start_solicitation, awaited."""
        return await in_worker(self.start_solicitation, order)

    async def send_form_async(
        self, order_url: str, product_code: str, campaign: Optional[str] = None
    ) -> Result[None]:
        """send_form, awaited."""
        return await in_worker(self.send_form, order_url, product_code, campaign)

    async def send_form_by_async(
        self, order_url: str, channel: str, product_code: str, campaign: Optional[str] = None
    ) -> Result[None]:
        """send_form_by, awaited."""
        return await in_worker(self.send_form_by, order_url, channel, product_code, campaign)

    async def hold_async(self, order_url: str, order: Optional[OrderLike] = None) -> Result[None]:
        """hold, awaited."""
        return await in_worker(self.hold, order_url, order)

    async def confirm_async(self, order_url: str, order: Optional[OrderLike] = None) -> Result[None]:
        """confirm, awaited."""
        return await in_worker(self.confirm, order_url, order)

    async def set_order_ref_async(
        self, order_url: str, order_ref_1: str, order_ref_2: Optional[str] = None
    ) -> Result[None]:
        """set_order_ref, awaited."""
        return await in_worker(self.set_order_ref, order_url, order_ref_1, order_ref_2)

    async def abandon_async(self, order: str) -> Result[None]:
        """abandon, awaited."""
        return await in_worker(self.abandon, order)

    async def resolve_async(self, order: str, outcome: str, reason: str) -> Result[None]:
        """resolve, awaited."""
        return await in_worker(self.resolve, order, outcome, reason)

    async def order_info_async(self, order: str) -> Result[results.OrderInfoData]:
        """order_info, awaited."""
        return await in_worker(self.order_info, order)

    async def receipt_async(self, order: str, columns: int = 32) -> Result[results.ReceiptData]:
        """receipt, awaited."""
        return await in_worker(self.receipt, order, columns)

    async def update_order_async(
        self, order_ref_1: str, update: Union[orders.Order, JsonLike]
    ) -> Result[results.ChangeData]:
        """update_order, awaited."""
        return await in_worker(self.update_order, order_ref_1, update)

    async def ship_async(
        self, order_ref_1: str, items: Optional[JsonLike] = None
    ) -> Result[results.ChangeData]:
        """ship, awaited."""
        return await in_worker(self.ship, order_ref_1, items)

    async def refund_async(
        self, order_ref_1: str, refund: Optional[JsonLike] = None
    ) -> Result[results.RefundData]:
        """refund, awaited."""
        return await in_worker(self.refund, order_ref_1, refund)

    async def cancel_async(
        self, order_ref_1: str, reason: Optional[str] = None
    ) -> Result[results.ChangeData]:
        """cancel, awaited."""
        return await in_worker(self.cancel, order_ref_1, reason)

    async def hand_over_async(self, order: str) -> Result[results.HandOverData]:
        """hand_over, awaited."""
        return await in_worker(self.hand_over, order)

    async def take_over_async(self, document: str) -> Result[results.TakeOverData]:
        """take_over, awaited."""
        return await in_worker(self.take_over, document)

    async def send_delivery_report_async(
        self, report: Optional[JsonLike] = None
    ) -> Result[results.SendDeliveryReportData]:
        """send_delivery_report, awaited."""
        return await in_worker(self.send_delivery_report, report)

    async def disbursements_async(self, path: Optional[str] = None) -> Result[results.DisbursementsData]:
        """disbursements, awaited."""
        return await in_worker(self.disbursements, path)

    async def pending_async(self) -> Result[results.PendingData]:
        """pending, awaited."""
        return await in_worker(self.pending)

    async def day_async(
        self, since: Optional[str] = None, until: Optional[str] = None
    ) -> Result[results.DayData]:
        """day, awaited."""
        return await in_worker(self.day, since, until)

    async def recover_async(self, order: Optional[str] = None) -> Result[results.RecoverData]:
        """recover, awaited."""
        return await in_worker(self.recover, order)

    async def reconcile_async(self) -> Result[results.ReconcileData]:
        """reconcile, awaited."""
        return await in_worker(self.reconcile)

    async def log_async(self, query: Optional[JsonLike] = None) -> Result[results.LogData]:
        """log, awaited."""
        return await in_worker(self.log, query)

    async def log_dismiss_async(self, entry_id: int) -> Result[None]:
        """log_dismiss, awaited."""
        return await in_worker(self.log_dismiss, entry_id)

    async def echo_async(self, text: str) -> Result[results.EchoData]:
        """echo, awaited."""
        return await in_worker(self.echo, text)

    # -- its life

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return not self._close.alive

    def close(self) -> None:
        """Closes it; calls that other threads have in progress end as usual. Twice does nothing."""
        self._close()
        self.opened.free()

    @property
    def text_encoding(self) -> str:
        """The encoding that its texts go through, which the configuration names. UTF-8 unless that
        is written for tills in other languages."""
        return self._encoding.name

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    # -- how a call is made

    def _living(self) -> int:
        if self.closed:
            raise _errors.ClosedError("this client is closed")
        return self._handle or 0

    def _text(self, name: str, text: Optional[str]) -> Optional[bytes]:
        return None if text is None else self._encoding.text(name, text)

    def _json(self, name: str, value: Any) -> Optional[bytes]:
        if isinstance(value, OrderBuilder):
            value = value.json()
        return None if value is None else self._encoding.json(name, value)

    def _call(self, function: Callable[..., int], *arguments: Any) -> Result[Any]:
        return finish(function, self._encoding, self._living(), *arguments)


def _text_encoding(opened: Optional[int]) -> str:
    """What the opening says that its texts are in, failed or not: an ASCII name."""
    name = create_string_buffer(100)
    status = native.sq_buffer_get(opened, b"/data/text_encoding", name, byref(c_uint32(len(name))))
    return name.value.decode("ascii") if status == Status.OK else "UTF-8"
