using System.Linq;
using SequraPos;

namespace Shop
{
    /// <summary>
    /// What a till does first when it is started: it goes on with what it was killed in, or got no answer to. The
    /// library's journal knows what seQura was asked, and Recover asks again what has no answer. The book knows what
    /// the shop has sold, and under which ticket number. Here the book is brought to where the order is, with the same
    /// steps as in a sale that nothing went wrong in. The operator is asked nothing; where he has to act, it is said
    /// how. The order that the command line names is left to the step that it names.
    /// </summary>
    internal sealed class Recovery
    {
        private readonly Till till;

        internal Recovery(Till till)
        {
            this.till = till;
        }

        internal Exit Run()
        {
            Exit became = Exit.Done;
            // A till with nothing unfinished is not slowed down.
            bool pending = till.Client.Opened.FindInteger("/data/journal/pending") != 0;
            using (SequraResult recovered = pending ? Till.ResultOf(() => till.Client.Recover()) : null)
            {
                if (recovered != null)
                {
                    became = Till.ExitOf(recovered.Status);
                    if (recovered.Status != SequraStatus.Ok)
                        Screen.Show("recover", recovered);
                    foreach (string order in recovered.Each("/data/orders"))
                        ShowRecovered(recovered, order);
                }
                // The book too: the till may have been killed when the journal was done and the book was not.
                foreach (Sale sale in till.Book.Sales().Where(sale => sale.IsOpen && sale.Url != till.Url))
                {
                    Exit finished = BringUpToDate(sale, recovered);
                    if (became == Exit.Done)
                        became = finished;
                }
            }
            return became;
        }

        /// <summary>Of an order that changed, or that somebody has to do something for: what it was and is.</summary>
        private void ShowRecovered(SequraResult recovered, string order)
        {
            string was = recovered.Find(order + "/was");
            string now = recovered.Find(order + "/now");
            string url = recovered.Find(order + "/url");
            bool changed = was != now;
            bool named = till.Url != null && (till.Url == url || till.Url == recovered.Find(order + "/uuid"));
            Sale sale = url == null ? null : till.Book.Find(url);
            bool changing = sale != null && sale.State == Sale.Changing;
            bool isDue = recovered.Find(order + "/next") != SequraNext.None;
            // What came of a change is said when the book is brought up to date.
            if (changing ? !isDue : !changed && (named || !isDue))
                return;
            string words = changed ? was + ", now " + now : "still " + (changing ? Sale.Changing : now);
            Screen.Say("recover", sale == null ? Till.OrderLine(recovered, order) + " " + words : sale.Line(words));
            if (sale == null && !named && url != null)
                SeeToStranger(recovered, order, url);
        }

        /// <summary>
        /// An order that the book does not have. One whose start has just been answered is nobody's: its form was
        /// never sent, and its basket is sold as a new order. Any other is for the operator.
        /// </summary>
        private void SeeToStranger(SequraResult recovered, string order, string url)
        {
            bool nobodys = recovered.Find(order + "/was") == SequraState.Soliciting
                           && recovered.Find(order + "/status") == SequraLibrary.StatusName(SequraStatus.Ok);
            if (nobodys)
            {
                using (SequraResult answer = Till.ResultOf(() => till.Client.Abandon(url)))
                    nobodys = answer.Status == SequraStatus.Ok;
            }
            if (nobodys)
                Screen.Say("", "Nobody has its form: it is given up, and the basket is sold as a new order.");
            else
                Screen.SayWhatIsDue(url, recovered.Find(order + "/next"));
        }

        /// <summary>
        /// Writes into the book what has become of the sale, and finishes it where seQura has confirmed it.
        /// </summary>
        private Exit BringUpToDate(Sale sale, SequraResult recovered)
        {
            string listed = recovered == null ? null : recovered.Each("/data/orders")
                .FirstOrDefault(order => recovered.Find(order + "/url") == sale.Url);
            string sent = listed == null ? null : recovered.Find(listed + "/status");
            if (listed != null && recovered.Find(listed + "/next") == SequraNext.Recover)
                return Exit.Done; // still no answer: it has just been tried
            Till one = till.At(sale);
            // By its name, for the whole order. Nothing of it waits for an answer now, so nothing is sent.
            using (SequraResult answer = Till.ResultOf(() => one.Client.Recover(sale.Url)))
            {
                if (answer.Status == SequraStatus.UnknownOrder)
                {
                    Screen.Say("recover", sale.Line("is not in this journal"));
                    return Exit.Done;
                }
                if (answer.Status != SequraStatus.Ok || answer.Order == null)
                {
                    Screen.Show("recover", answer);
                    return Till.ExitOf(answer.Status);
                }
                if (sale.State == Sale.Changing)
                {
                    Screen.Say("recover", sale.Line("was being changed"));
                    if (listed != null && sent != SequraLibrary.StatusName(SequraStatus.Ok))
                        SayWhy(answer.Order);
                    return new AfterSale(one).Record();
                }
                switch (answer.Order.State)
                {
                    case SequraState.Settled:
                        Screen.Say("operator >>", answer.OperatorMessage);
                        goto case SequraState.Confirmed;
                    case SequraState.Confirmed:
                        return sale.State == Sale.Started ? one.Complete(answer.Order) : one.Register(answer.Order);
                    case SequraState.RefConflicted:
                        // Confirmed, and its ticket number is another sale's.
                        Screen.Say("operator >>", answer.OperatorMessage);
                        if (sale.State == Sale.Started)
                            one.Record(Sale.Completed, answer.Order);
                        Screen.SayWhatIsDue(one.Url, SequraNext.ChooseAnotherRef);
                        return Exit.NoReference;
                    case SequraState.Abandoned:
                    case SequraState.Cancelled:
                        one.Record(answer.Order.State, answer.Order);
                        return Exit.Done;
                }
                if (sent == SequraLibrary.StatusName(SequraStatus.DuplicateOrderRef))
                {
                    one.SayAnotherNumber();
                }
                else if (sent == SequraLibrary.StatusName(SequraStatus.Conflict))
                {
                    SayWhy(answer.Order);
                    Screen.Say("operator >>", answer.OperatorMessage);
                    one.Record(Sale.Refused, answer.Order);
                }
                else
                {
                    Screen.Say("waiting", sale.Line(answer.Order.State));
                    Screen.SayWhatIsDue(one.Url, answer.Next);
                }
                return Exit.Done;
            }
        }

        /// <summary>seQura's own words on what it refused: the library's log has them.</summary>
        private void SayWhy(SequraOrder order)
        {
            using (SequraResult log = Till.ResultOf(
                () => till.Client.Log("{\"limit\":1,\"order\":\"" + order.Uuid + "\"}")))
            {
                string words = log.Find("/data/entries/0/description");
                if (words != null)
                    Screen.Say("", words);
            }
        }
    }
}
