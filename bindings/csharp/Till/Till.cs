using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using SequraPos;

namespace Shop
{
    /// <summary>
    /// The till, and the sale that it is at.
    /// <code>
    /// start ---> form ---> the operator: approved? ---> confirm ---> book ---> reference ---> receipt
    ///                                                      1           2           3
    /// </code>
    /// 1, 2 and 3 are seQura's own numbers. Two rules carry the whole of it: the sale is completed in the till's
    /// book only after the confirmation was done; the goods go only when the order's state is "settled", that is
    /// when seQura has the ticket number too. Whatever happens in between, a power cut included, the order's URL is
    /// in the book and the order is in the library's journal; from these two the till goes on, see Recovery.
    /// </summary>
    internal sealed class Till
    {
        private readonly string product;
        private string orderFile;
        private string ticket;
        private bool refFirst;
        private bool asks;
        private readonly Wait wait;

        internal Till(SequraClient client, Options options)
        {
            Client = client;
            Book = new Book(options.Book);
            product = options.Product;
            orderFile = options.OrderFile;
            ticket = options.Ticket;
            refFirst = options.RefFirst;
            asks = !options.Yes;
            wait = options.Wait > 0 ? new Wait(options.Wait) : null;
            Url = options.Url;
        }

        internal SequraClient Client { get; private set; }

        internal Book Book { get; private set; }

        /// <summary>The order at seQura; null before the start.</summary>
        internal string Url { get; private set; }

        /// <summary>The till at another sale, alone: the operator has another shopper to serve.</summary>
        internal Till At(Sale sale)
        {
            var till = (Till)MemberwiseClone();
            till.Url = sale.Url;
            till.ticket = sale.Ticket;
            till.orderFile = null;
            till.refFirst = till.asks = false;
            return till;
        }

        /// <summary>The order is this one, as it is called at seQura.</summary>
        internal void Take(SequraOrder order)
        {
            Url = order.Url;
            ticket = order.OrderRef1;
        }

        /// <summary>
        /// A sale that is taken up again has its URL and ticket number from the book. What the command line says goes
        /// before it, and a sale that the book does not know can still be finished: the library's journal has it.
        /// </summary>
        internal void LookUp()
        {
            Sale known = Url == null ? null : Book.Find(Url);
            if (known == null)
                return;
            Url = known.Url;
            ticket = ticket ?? known.Ticket;
        }

        /// <summary>What came of a call, done or not: a till has something to do in either case.</summary>
        internal static SequraResult ResultOf(Func<SequraResult> call)
        {
            try
            {
                return call();
            }
            catch (SequraException e)
            {
                if (e.Result == null)
                    throw;
                return e.Result;
            }
        }

        internal static Exit ExitOf(SequraStatus status)
        {
            switch (SequraLibrary.StatusClass(status))
            {
                case 0: return Exit.Done;
                case 1: return Exit.NotSent;
                case 2: return Exit.Refused;
                case 3: return Exit.NoAnswer;
                default: return Exit.Machine;
            }
        }

        // ---- the steps of a sale: each goes on with those that come after it -------------------------------------

        internal Exit Sell()
        {
            ticket = ticket ?? NewTicket();
            string order = Order();
            using (SequraResult answer = ResultOf(() => Client.StartSolicitation(order)))
            {
                Screen.Show("start", answer);
                if (answer.Status != SequraStatus.Ok)
                    return ExitOf(answer.Status);
                // Before anything reaches the shopper, the till knows where the order is.
                Url = answer.Order.Url;
                Record(Sale.Started, answer.Order);
            }
            return SendForm();
        }

        /// <summary>
        /// The link to seQura's form goes to the shopper's mobile. The shopper fills it in, never the staff.
        /// </summary>
        internal Exit SendForm()
        {
            using (SequraResult answer = ResultOf(() => Client.SendForm(Url, product)))
            {
                Screen.Show("form", answer);
                if (ExitOf(answer.Status) == Exit.NoAnswer || answer.Status == SequraStatus.RateLimited)
                    Screen.SayHowToGoOn(Url, "--form");
                if (answer.Status != SequraStatus.Ok)
                    return ExitOf(answer.Status);
            }
            if (IsApproved())
                return Confirm();
            Screen.Say("", "The sale is left open; nothing is sold. When the shopper leaves: --abandon instead.");
            Screen.SayHowToGoOn(Url, "--confirm");
            return Exit.Waiting;
        }

        /// <summary>
        /// Step 1: the whole order once more, as it is at this moment, for seQura to say whether it is still the one
        /// that was approved. Without an order file it is what it was when it was last sent.
        /// </summary>
        internal Exit Confirm()
        {
            while (true)
            {
                string order = Order();
                using (SequraResult answer = ResultOf(() => Client.Confirm(Url, order)))
                {
                    Screen.Show("confirm", answer);
                    if (answer.Status == SequraStatus.Ok)
                        return Complete(answer.Order);
                    bool early = answer.Find("/errors/0/code") == SequraErrorCode.NotApproved ||
                                 (wait != null && answer.Status == SequraStatus.RateLimited);
                    bool taken = answer.Status == SequraStatus.DuplicateOrderRef;
                    if ((early && (asks || wait != null) && IsApproved()) || (taken && refFirst && AnotherTicket()))
                        continue;
                    return NotConfirmed(answer, early, taken);
                }
            }
        }

        /// <summary>Step 2: only now is the sale completed in the till's book.</summary>
        internal Exit Complete(SequraOrder order)
        {
            AdoptTicket(order);
            ticket = ticket ?? NewTicket();
            Record(Sale.Completed, order);
            return Register(order);
        }

        internal Exit Register(SequraOrder order)
        {
            return order.State == SequraState.Settled ? Settled(order) : SetReference();
        }

        /// <summary>Step 3: seQura learns the ticket number. Without it, it never pays the shop.</summary>
        internal Exit SetReference()
        {
            while (true)
            {
                using (SequraResult answer = ResultOf(() => Client.SetOrderRef(Url, ticket)))
                {
                    Screen.Show("reference", answer);
                    if (answer.Status == SequraStatus.Ok)
                        return Settled(answer.Order);
                    bool taken = answer.Status == SequraStatus.DuplicateOrderRef;
                    if (taken && AnotherTicket())
                        continue;
                    string[] unpaid = { SequraState.Confirmed, SequraState.Referencing, SequraState.RefConflicted };
                    if (!unpaid.Contains(answer.Find("/order/state")))
                        return ExitOf(answer.Status);
                    Screen.Say("", "The sale stands and seQura has no ticket number for it: keep the goods until it has.");
                    if (taken)
                        Screen.SayHowToGoOn(Url, "--set-ref", "ANOTHER-NUMBER");
                    else
                        Screen.SayRecover();
                    return Exit.NoReference;
                }
            }
        }

        /// <summary>The shopper left: the till asks nothing of the order any more.</summary>
        internal Exit Abandon()
        {
            using (SequraResult answer = ResultOf(() => Client.Abandon(Url)))
            {
                Screen.Show("abandon", answer);
                if (answer.Status == SequraStatus.Ok && ticket != null)
                    Record(Sale.Abandoned, answer.Order);
                return ExitOf(answer.Status);
            }
        }

        /// <summary>
        /// Somebody has looked in seQura's portal what became of the order: "confirmed", or "not_confirmed". Goes on
        /// from there.
        /// </summary>
        internal Exit Resolve(string outcome, string reason)
        {
            using (SequraResult answer = ResultOf(() => Client.Resolve(Url, outcome, reason)))
            {
                Screen.Show("resolve", answer);
                Url = null;
                return answer.Status == SequraStatus.Ok ? new Recovery(this).Run() : ExitOf(answer.Status);
            }
        }

        /// <summary>Writes into the book what the order has come to.</summary>
        internal void Record(string state, SequraOrder order)
        {
            Url = order.Url ?? Url; // the operator may have given the bare uuid
            string amount = order.Amount == null ? "?" : order.Amount.Value.ToString(CultureInfo.InvariantCulture);
            Book.Add(state, ticket, amount, order.Currency ?? "?", Url);
            Screen.Say("book", ticket + " is now " + state);
        }

        /// <summary>The ticket number that goes with the order is taken: the whole order, with another.</summary>
        internal void SayAnotherNumber()
        {
            Screen.SayHowToGoOn(Url, "--confirm", "ORDER.json --ref-first --ref ANOTHER-NUMBER");
        }

        // ---- looking ------------------------------------------------------------------------------------------

        /// <summary>Does seQura know this shop, and what may its shoppers choose from?</summary>
        internal Exit CheckAccount()
        {
            using (SequraResult account = ResultOf(Client.CheckCredentials))
            {
                Screen.Show("credentials", account);
                if (account.Status != SequraStatus.Ok)
                    return ExitOf(account.Status);
                Screen.Say("merchants", string.Join(", ", account.CheckCredentialsData.Merchants.Select(
                    merchant => merchant.Id + " in " + merchant.Country)));
            }
            using (SequraResult methods = ResultOf(() => Client.PaymentMethods()))
            {
                if (methods.Status != SequraStatus.Ok)
                    Screen.Show("methods", methods);
                else
                    Screen.Say("methods", string.Join("; ", methods.PaymentMethodsData.Methods.Select(MethodLine)));
                return ExitOf(methods.Status);
            }
        }

        /// <summary>What the library's journal holds that is not finished. Nothing is sent for this.</summary>
        internal Exit ShowPending()
        {
            using (SequraResult answer = ResultOf(Client.Pending))
            {
                if (answer.Status != SequraStatus.Ok)
                {
                    Screen.Show("pending", answer);
                    return ExitOf(answer.Status);
                }
                SequraPendingData pending = answer.PendingData;
                foreach (SequraUnfinishedOrder order in pending.Orders)
                    Screen.Say("pending", OrderLine(order.Uuid, order.Amount, order.Currency) + " " + order.State +
                                          ": needs " + order.Missing);
                SaySums("at risk", pending.AtRisk);
                if (pending.Orders.Count == 0)
                    Screen.Say("pending", "nothing: every sale with seQura is finished");
                return Exit.Done;
            }
        }

        /// <summary>What is sold and still to be shipped: seQura pays what was shipped. Nothing is sent for this.</summary>
        internal Exit ShowUnshipped()
        {
            using (SequraResult answer = ResultOf(Client.Pending))
            {
                SequraPendingData pending = answer.PendingData;
                if (pending != null)
                {
                    foreach (SequraUnshippedOrder order in pending.Unshipped)
                        Screen.Say("to ship", order.OrderRef1 + " " + Screen.Price(order.Unshipped, order.Currency));
                    SaySums("unshipped", pending.UnshippedTotal);
                }
                return ExitOf(answer.Status);
            }
        }

        /// <summary>One line for each currency and merchant.</summary>
        private static void SaySums(string what, IDictionary<string, IDictionary<string, long?>> sums)
        {
            foreach (KeyValuePair<string, IDictionary<string, long?>> currency in sums)
                foreach (long? cents in currency.Value.Values.Where(cents => cents != null))
                    Screen.Say(what, Screen.Price(cents.Value, currency.Key));
        }

        /// <summary>The sales of the book that something is due for.</summary>
        internal Exit ShowBook()
        {
            foreach (Sale sale in Book.Sales().Where(sale => sale.IsOpen))
                Screen.Say("book", sale.Line(sale.State));
            return Exit.Done;
        }

        /// <summary>An order of an answer's list: its uuid and its price.</summary>
        internal static string OrderLine(string uuid, long? cents, string currency)
        {
            string line = uuid ?? "(its order URL has not come yet)";
            return cents == null ? line : line + " " + Screen.Price(cents.Value, currency);
        }

        private static string MethodLine(SequraPaymentMethod method)
        {
            return method.Product + " " + method.Title +
                   (method.MinAmount == null ? "" : ", from " + Screen.Money(method.MinAmount.Value)) +
                   (method.MaxAmount == null ? "" : ", up to " + Screen.Money(method.MaxAmount.Value));
        }

        // ---- within a sale ------------------------------------------------------------------------------------

        /// <summary>The order as it is at this moment; null without an order file: as it was last sent.</summary>
        private string Order()
        {
            if (orderFile == null)
                return null;
            string order = TextFile.Read(orderFile);
            if (!refFirst)
                return order;
            // The one place where this till writes JSON itself; the ticket number has nothing to escape.
            Match begin = Regex.Match(order, @"\A\s*\{(\s*""order""\s*:\s*\{)?");
            if (!begin.Success)
                throw new IOException(orderFile + " does not begin like an order");
            return order.Insert(begin.Length, "\"merchant_reference\":{\"order_ref_1\":\"" + ticket + "\"},");
        }

        private Exit NotConfirmed(SequraResult answer, bool early, bool taken)
        {
            if (early)
            {
                Screen.SayHowToGoOn(Url, "--confirm");
                return Exit.Waiting;
            }
            Exit became = ExitOf(answer.Status);
            if (became == Exit.NoAnswer)
            {
                Screen.Say("", "Nothing is completed and nothing is off: keep the goods, take no other payment.");
                Screen.SayRecover();
            }
            else if (taken)
            {
                SayAnotherNumber();
            }
            else if (became == Exit.Refused)
            {
                Screen.Say("", "Nothing is completed and no ticket number is sent: this sale does not take place.");
                if (answer.Find("/order/state") == SequraState.Conflicted && ticket != null)
                    Record(Sale.Refused, answer.Order);
            }
            return became;
        }

        /// <summary>seQura has the ticket number: the end of the sale.</summary>
        private Exit Settled(SequraOrder order)
        {
            AdoptTicket(order);
            Record(Sale.Registered, order);
            Screen.PrintReceipt(ticket, order);
            return Exit.Done;
        }

        /// <summary>A settled order has the ticket number that seQura has: it may have been settled long ago.</summary>
        private void AdoptTicket(SequraOrder order)
        {
            if (order.State == SequraState.Settled)
                ticket = order.OrderRef1 ?? ticket;
        }

        /// <summary>The shopper says "approved", or it is time to ask seQura again.</summary>
        private bool IsApproved()
        {
            if (wait != null)
                return wait.ForRound();
            if (!asks)
                return true; // --yes
            string answer = Screen.Ask("does the shopper's phone say approved? [Enter = yes, n = no]");
            return answer != null && !answer.StartsWith("n", StringComparison.OrdinalIgnoreCase);
        }

        /// <summary>Has the operator choose another ticket number; false if nobody does.</summary>
        private bool AnotherTicket()
        {
            string answer = null;
            while (asks && (answer = Screen.Ask("another ticket number for this sale:")) != null)
                if (Options.IsTicket(answer))
                    break;
            ticket = answer ?? ticket;
            return answer != null;
        }

        /// <summary>A real till takes the next number of its counter.</summary>
        private static string NewTicket()
        {
            return DateTime.Now.ToString("'T-'yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        }
    }
}
