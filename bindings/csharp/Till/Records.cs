using System.Linq;
using SequraPos;

namespace Shop
{
    /// <summary>
    /// What the shop's office and support look at and do: the transaction log, the payouts, the delivery report, the
    /// self-test.
    /// </summary>
    internal sealed class Records
    {
        private readonly SequraClient client;

        internal Records(SequraClient client)
        {
            this.client = client;
        }

        /// <summary>
        /// What was asked of seQura and what it said, of one sale or (null) of all: what needs attention first, with
        /// seQura's words and what can be done, then the newest. Nothing is sent for this.
        /// </summary>
        internal Exit ShowLog(string sale)
        {
            using (var query = new SequraOrderBuilder(client))
            {
                // A query is JSON too, and the builder of orders writes any.
                query.Set("/limit", 20);
                if (sale != null)
                    query.Set("/order", sale);
                using (SequraResult log = Till.ResultOf(() => client.Log(query.ToJson())))
                {
                    if (log.Status != SequraStatus.Ok)
                        Screen.Show("log", log);
                    foreach (string entry in log.Each("/data/entries"))
                        ShowEntry(log, entry);
                    if (log.Status == SequraStatus.Ok && !log.Each("/data/entries").Any())
                        Screen.Say("log", "nothing");
                    return Till.ExitOf(log.Status);
                }
            }
        }

        /// <summary>An entry of the log has been seen to: it needs no attention any more.</summary>
        internal Exit Dismiss(long entry)
        {
            using (SequraResult answer = Till.ResultOf(() => client.LogDismiss(entry)))
            {
                Screen.Show("dismiss", answer);
                return Till.ExitOf(answer.Status);
            }
        }

        /// <summary>The settled sales, held against what seQura has paid out.</summary>
        internal Exit ShowPayouts()
        {
            using (SequraResult answer = Till.ResultOf(client.Reconcile))
            {
                Screen.Show("reconcile", answer);
                ShowPaid(answer, "paid", "/data/paid", " ", null);
                ShowPaid(answer, "differing", "/data/differing", " ", ", but paid ");
                ShowPaid(answer, "not paid", "/data/not_yet_paid", " ", null);
                // Paid, and sold by another till.
                ShowPaid(answer, "unknown", "/data/unknown_here", null, " ");
                return Till.ExitOf(answer.Status);
            }
        }

        /// <summary>Tells seQura what was shipped since the last time: once a day, even if it is nothing.</summary>
        internal Exit Report()
        {
            using (SequraResult answer = Till.ResultOf(() => client.SendDeliveryReport()))
            {
                Screen.Show("report", answer);
                if (answer.SendDeliveryReportData != null)
                    foreach (SequraSentReport report in answer.SendDeliveryReportData.Reports)
                        Screen.Say("told", report.MerchantId + ", orders shipped: " + report.Orders + ": " + report.Status);
                return Till.ExitOf(answer.Status);
            }
        }

        /// <summary>
        /// How much a month? Shown is the whole of an offer, with its cost, or nothing of it. country: null for every
        /// configured merchant.
        /// </summary>
        internal Exit Instalments(long cents, string country)
        {
            using (SequraResult answer = Till.ResultOf(() => client.CreditAgreements(cents, country)))
            {
                Screen.Show("instalments", answer);
                SequraCreditAgreementsData agreements = answer.CreditAgreementsData;
                if (agreements != null && agreements.FromCache)
                    Screen.Say("as of", agreements.AsOf);
                return Till.ExitOf(answer.Status);
            }
        }

        /// <summary>Does everything that a sale needs work on this machine?</summary>
        internal Exit SelfTest()
        {
            using (SequraResult answer = Till.ResultOf(client.SelfTest))
            {
                // Why a row failed is among the errors, or the warnings.
                Screen.Show("self-test", answer);
                if (answer.SelfTestData != null)
                    foreach (SequraSelfTestRow test in answer.SelfTestData.Tests)
                        Screen.Say(test.Ok ? "well" : "NOT WELL", TestLine(test));
                return Till.ExitOf(answer.Status);
            }
        }

        private static string TestLine(SequraSelfTestRow test)
        {
            SequraSelfTestDetail detail = test.Detail;
            if (detail == null)
                return test.Name;
            string line = Screen.And(test.Name, ", of ", detail.Host);
            line = Screen.And(line, ", seconds fast: ", detail.SkewS == null ? null : detail.SkewS.ToString());
            return Screen.And(
                line, ", ms for a durable write: ", detail.DurableWriteMs == null ? null : detail.DurableWriteMs.ToString());
        }

        private static void ShowEntry(SequraResult log, string entry)
        {
            bool wanting = log.Find(entry + "/needs_attention") == "true";
            // By its ticket number, or by its uuid while it has none. A delivery report is about no order.
            string order = log.Find(entry + "/order/order_ref_1") ?? log.Find(entry + "/order/uuid");
            string line = Screen.And(log.Get(entry + "/id"), " ", order);
            line = Screen.And(line, " ", log.Find(entry + "/operation"));
            line = Screen.And(line, " ", log.Find(entry + "/status"));
            Screen.Say(wanting ? "attention" : "log", Screen.And(line, ", HTTP ", log.Find(entry + "/http/status")));
            string words = log.Find(entry + "/description");
            if (words != null)
                Screen.Say("", words);
            if (!wanting)
                return;
            // A word of /next, and to dismiss it.
            string actions = string.Join(", or ", log.Each(entry + "/actions").Select(log.Get)
                .Select(action => action == "dismiss" ? "--dismiss " + log.Get(entry + "/id") : action));
            if (actions != "")
                Screen.Say("", "to do: " + actions);
        }

        /// <summary>The entries of one kind, in one line: each with what is owed and, where it is said, what was paid.</summary>
        private static void ShowPaid(SequraResult answer, string label, string list, string owed, string paid)
        {
            string line = string.Join("; ", answer.Each(list).Select(entry =>
            {
                string one = answer.Get(entry + "/order_ref_1");
                if (owed != null)
                    one = Screen.And(one, owed, Sum(answer, entry, "/amount"));
                return paid == null ? one : Screen.And(one, paid, Sum(answer, entry, "/paid"));
            }));
            if (line != "")
                Screen.Say(label, line);
        }

        private static string Sum(SequraResult answer, string entry, string field)
        {
            long? cents = answer.FindInteger(entry + field);
            string currency = answer.Find(entry + "/currency");
            return cents == null || currency == null ? null : Screen.Price(cents.Value, currency);
        }
    }
}
