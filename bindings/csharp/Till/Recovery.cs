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
                    if (recovered.RecoverData != null)
                        foreach (SequraRecoveredOrder order in recovered.RecoverData.Orders)
                            ShowRecovered(order);
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
        private void ShowRecovered(SequraRecoveredOrder order)
        {
            string was = order.Was, now = order.Now, url = order.Url;
            bool changed = was != now;
            bool named = till.Url != null && (till.Url == url || till.Url == order.Uuid);
            Sale sale = url == null ? null : till.Book.Find(url);
            bool changing = sale != null && sale.State == Sale.Changing;
            bool isDue = order.Next != SequraNext.None;
            // What came of a change is said when the book is brought up to date.
            if (changing ? !isDue : !changed && (named || !isDue))
                return;
            string words = changed ? was + ", now " + now : "still " + (changing ? Sale.Changing : now);
            Screen.Say("recover", sale == null
                ? Till.OrderLine(order.Uuid, order.Amount, order.Currency) + " " + words : sale.Line(words));
            if (sale == null && !named && url != null)
                SeeToStranger(order);
        }

        /// <summary>
        /// An order that the book does not have. One whose start has just been answered is nobody's: its form was
        /// never sent, and its basket is sold as a new order. Any other is for the operator.
        /// </summary>
        private void SeeToStranger(SequraRecoveredOrder order)
        {
            bool nobodys = order.Was == SequraState.Soliciting
                           && order.Status == SequraLibrary.StatusName(SequraStatus.Ok);
            if (nobodys)
            {
                using (SequraResult answer = Till.ResultOf(() => till.Client.Abandon(order.Url)))
                    nobodys = answer.Status == SequraStatus.Ok;
            }
            if (nobodys)
                Screen.Say("", "Nobody has its form: it is given up, and the basket is sold as a new order.");
            else
                Screen.SayWhatIsDue(order.Url, order.Next);
        }

        /// <summary>
        /// Writes into the book what has become of the sale, and finishes it where seQura has confirmed it.
        /// </summary>
        private Exit BringUpToDate(Sale sale, SequraResult recovered)
        {
            SequraRecoverData all = recovered == null ? null : recovered.RecoverData;
            SequraRecoveredOrder listed = all == null ? null : all.Orders.FirstOrDefault(order => order.Url == sale.Url);
            string sent = listed == null ? null : listed.Status;
            if (listed != null && listed.Next == SequraNext.Recover)
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
                SequraLogEntry entry = log.LogData == null ? null : log.LogData.Entries.FirstOrDefault();
                if (entry != null && entry.Description != null)
                    Screen.Say("", entry.Description);
            }
        }
    }
}
