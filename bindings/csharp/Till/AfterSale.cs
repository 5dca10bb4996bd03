using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SequraPos;

namespace Shop
{
    /// <summary>
    /// After the sale: goods go out, come back, are not wanted any more. A sale is named by its ticket number; the
    /// order's URL or uuid will do.
    /// <code>
    /// book: changing ---> the call ---> what does the library's journal say? ---> book
    /// </code>
    /// The book is written before the change is asked for and after it, as the library does it in its journal. A till
    /// that dies in between finds "changing" in its book when it is started again, and does the last two steps: it
    /// needs not know how far it had come.
    /// </summary>
    internal sealed class AfterSale
    {
        private readonly Till till;

        internal AfterSale(Till till)
        {
            this.till = till;
        }

        /// <summary>Goods went out: these ("REFERENCE=QUANTITY", or "REFERENCE" for all that is left), or (none) all.</summary>
        internal Exit Ship(string sale, IList<string> items)
        {
            string json = items.Count == 0 ? null : Items(items).ToJson("/items");
            return Change("ship", sale, order => till.Client.Ship(order, json));
        }

        /// <summary>Goods came back: these, or (none) all that went out.</summary>
        internal Exit Refund(string sale, IList<string> items)
        {
            string json = items.Count == 0 ? null : Items(items).ToJson();
            return Change("refund", sale, order => till.Client.Refund(order, json));
        }

        /// <summary>So much is paid back, and the goods stay with the shopper.</summary>
        internal Exit Refund(string sale, long cents, string reason)
        {
            var refund = new SequraOrderBuilder(till.Client);
            refund.Set("/amount", cents);
            if (reason != null)
                refund.Set("/reason", reason);
            return Change("refund", sale, order => till.Client.Refund(order, refund.ToJson()));
        }

        /// <summary>Nothing of the sale takes place. reason: null where it is not said.</summary>
        internal Exit Cancel(string sale, string reason)
        {
            return Change("cancel", sale, order => till.Client.Cancel(order, reason));
        }

        /// <summary>Carts, addresses, trackings.</summary>
        internal Exit Update(string sale, string file)
        {
            string update = TextFile.Read(file);
            return Change("update", sale, order => till.Client.UpdateOrder(order, update));
        }

        /// <summary>
        /// What has become of the sale, from the library's journal: says the totals of its carts and writes it into the
        /// book. While a change of it has no answer, says so and leaves the book alone.
        /// </summary>
        internal Exit Record()
        {
            using (SequraResult info = Till.ResultOf(() => till.Client.OrderInfo(till.Url)))
            {
                if (info.Status != SequraStatus.Ok)
                {
                    Screen.Show("info", info);
                    return Till.ExitOf(info.Status);
                }
                if (info.Next == SequraNext.Recover)
                {
                    Screen.Say(
                        "to go on", "till CONFIG --recover; or the same change again; or the next one, which takes it along");
                    return Exit.NoAnswer;
                }
                ShowTotals(info);
                till.Record(StateOf(info), info.Order);
                return Exit.Done;
            }
        }

        /// <summary>Where a sale stands, with its carts and what happened to it. Nothing is sent for this.</summary>
        internal Exit Info(string sale)
        {
            using (SequraResult info = Till.ResultOf(() => till.Client.OrderInfo(sale)))
            {
                Screen.Show("info", info);
                if (info.Status == SequraStatus.Ok)
                    ShowSale(info);
                return Till.ExitOf(info.Status);
            }
        }

        private Exit Change(string label, string sale, Func<string, SequraResult> call)
        {
            bool settled;
            // Only a settled order can be changed. Of any other, the call itself says why not.
            using (SequraResult before = Till.ResultOf(() => till.Client.OrderInfo(sale)))
            {
                settled = before.Find("/order/state") == SequraState.Settled;
                if (settled)
                {
                    till.Take(before.Order);
                    till.Record(Sale.Changing, before.Order);
                }
            }
            using (SequraResult answer = Till.ResultOf(() => call(settled ? till.Url : sale)))
            {
                Screen.Show(label, answer);
                bool done = answer.Status == SequraStatus.Ok;
                if (!settled && done)
                    till.Take(answer.Order); // it was cancelled before, and may not be in the book yet
                Exit became = settled || done ? Record() : Exit.Done;
                return done ? became : Till.ExitOf(answer.Status);
            }
        }

        /// <summary>{"items":[{"reference":...,"quantity":...}, ...]}: the builder of orders writes any JSON.</summary>
        private SequraOrderBuilder Items(IList<string> items)
        {
            var builder = new SequraOrderBuilder(till.Client);
            for (int i = 0; i < items.Count; i++)
            {
                int equals = items[i].LastIndexOf('=');
                string reference = equals < 0 ? items[i] : items[i].Substring(0, equals);
                builder.Set("/items/" + i + "/reference", reference);
                if (equals < 0)
                    continue;
                long quantity = long.Parse(items[i].Substring(equals + 1), CultureInfo.InvariantCulture);
                builder.Set("/items/" + i + "/quantity", quantity);
            }
            return builder;
        }

        /// <summary>What the sale has come to, in the words of the book.</summary>
        private static string StateOf(SequraResult info)
        {
            if (info.Order.State == SequraState.Cancelled)
                return Sale.Cancelled;
            switch (info.Find("/data/amounts/delivery"))
            {
                case "unshipped": return Sale.Registered;
                case "partly_shipped": return Sale.PartlyShipped;
                case "refunded": return Sale.Refunded;
                default: return info.FindInteger("/data/amounts/refunded") == 0 ? Sale.Shipped : Sale.PartlyRefunded;
            }
        }

        private static string Amount(SequraResult info, string name)
        {
            long? cents = info.FindInteger("/data/amounts/" + name);
            return cents == null ? null : Screen.Money(cents.Value);
        }

        /// <summary>The totals of both carts, and what the shopper owes of what was sold.</summary>
        private static void ShowTotals(SequraResult info)
        {
            string line = Screen.And("", "unshipped ", Amount(info, "unshipped"));
            line = Screen.And(line, ", shipped ", Amount(info, "shipped"));
            line = Screen.And(line, "; owed ", Amount(info, "owed"));
            line = Screen.And(line, " of ", Amount(info, "approved"));
            Screen.Say("carts", Screen.And(line, " ", info.Order.Currency));
        }

        private static void ShowSale(SequraResult info)
        {
            string product = info.Find("/data/payment_method/product");
            string line = Screen.And(info.Order.OrderRef1 ?? info.Order.Uuid, ", form ", product);
            Screen.Say("sale", Screen.And(line, ", ", info.Order.PortalUrl));
            string paid = Amount(info, "paid");
            if (paid != null)
            {
                // It is confirmed.
                ShowTotals(info);
                ShowCart(info, "unshipped", "/data/unshipped_cart/items");
                ShowCart(info, "shipped", "/data/shipped_cart/items");
                Screen.Say("paid out", Screen.And(paid, " ", info.Order.Currency));
            }
            ShowHistory(info);
        }

        /// <summary>What is in a cart: "1 BIC-20 349,00; ENV-01 12,90".</summary>
        private static void ShowCart(SequraResult info, string label, string list)
        {
            IEnumerable<string> lines = info.Each(list).Select(item =>
            {
                string quantity = info.Find(item + "/quantity");
                // Fees may have no reference.
                string name = info.Find(item + "/reference") ?? info.Find(item + "/type");
                string total = Screen.Money(info.FindInteger(item + "/total_with_tax").GetValueOrDefault());
                return (quantity == null ? "" : quantity + " ") + name + " " + total;
            });
            string line = string.Join("; ", lines);
            Screen.Say(label, line == "" ? "nothing" : line);
        }

        /// <summary>What was attempted with it, oldest first: the entries of the transaction log.</summary>
        private static void ShowHistory(SequraResult info)
        {
            string label = "history";
            foreach (string entry in info.Each("/data/history"))
            {
                string line = Screen.And(info.Get(entry + "/at"), " ", info.Find(entry + "/operation"));
                line = Screen.And(line, " ", info.Find(entry + "/status"));
                Screen.Say(label, Screen.And(line, ", HTTP ", info.Find(entry + "/http/status")));
                label = "";
            }
        }
    }
}
