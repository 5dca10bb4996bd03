using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using SequraPos;

namespace Shop
{
    /// <summary>The exit statuses of the program: what became of it.</summary>
    internal enum Exit
    {
        /// <summary>Sold: confirmed, completed, registered; or what was asked for is done.</summary>
        Done = 0,

        /// <summary>Wrong command line, or a file of the till's own cannot be used.</summary>
        Usage = 1,

        /// <summary>The configuration, the order or the change is wrong; nothing was sent (1xxx).</summary>
        NotSent = 2,

        /// <summary>seQura said no: nothing is sold, or changed (2xxx).</summary>
        Refused = 3,

        /// <summary>Not known, or seQura was not reached: keep the goods, ask again (3xxx).</summary>
        NoAnswer = 4,

        /// <summary>This machine's journal, or a bug of the library (4xxx, 9xxx).</summary>
        Machine = 5,

        /// <summary>Confirmed, but seQura has no ticket number: keep the goods (any).</summary>
        NoReference = 6,

        /// <summary>Left open: the shopper has not been approved yet.</summary>
        Waiting = 7
    }

    /// <summary>A till that reads the order from a JSON file, and sells it with seQura: its command line.</summary>
    internal static class Program
    {
        private static readonly string[] Usage =
        {
            "usage: till CONFIG ORDER.json            sell it",
            "       till CONFIG --recover              finish what was left unfinished",
            "       till CONFIG --pending              what is unfinished, or still to be shipped",
            "       till CONFIG [ORDER.json] --form ORDER-URL     go on with the form",
            "       till CONFIG [ORDER.json] --confirm ORDER-URL  go on with the confirmation",
            "       till CONFIG --set-ref ORDER-URL NUMBER    go on with the reference",
            "       till CONFIG --abandon ORDER-URL    the shopper left: give it up",
            "       till CONFIG --resolve ORDER-URL OUTCOME --reason TEXT   somebody looked in seQura's portal:",
            "              confirmed, or not_confirmed",
            "after the sale, which NUMBER names:",
            "       till CONFIG --ship NUMBER [ITEM[=QUANTITY] ...]     goods went out; none named: all that is left",
            "       till CONFIG --refund NUMBER [ITEM[=QUANTITY] ...]   goods came back; none named: all that went out",
            "       till CONFIG --refund NUMBER --amount CENTS [--reason TEXT]   so much is paid back",
            "       till CONFIG --cancel NUMBER [--reason TEXT]         nothing of the sale takes place",
            "       till CONFIG --update NUMBER CHANGES.json            carts, addresses, trackings",
            "       till CONFIG --info NUMBER                   where the sale stands",
            "       till CONFIG --log [NUMBER]                  what was asked of seQura; what needs attention first",
            "       till CONFIG --dismiss ENTRY                 an entry of the log is seen to",
            "       till CONFIG --reconcile                     the sales against seQura's payouts",
            "       till CONFIG --report                        what was shipped since the last one; daily, even if nothing",
            "       till CONFIG --instalments CENTS [COUNTRY]   how much a month? before anything is sold",
            "       till CONFIG --self-test                     does everything work on this machine?",
            "options:",
            "  --ref NUMBER     the ticket number, seQura's order_ref_1 (default: made of the time)",
            "  --ref-first      send it with the order: the confirmation then settles the sale",
            "  --product CODE   seQura's product for the form (default: pp3)",
            "  --sales FILE     the till's own book (default: sales.txt)",
            "  --yes            do not ask the operator: the shopper is approved",
            "  --wait SECONDS   ask seQura again and again instead, for so long; seQura has to agree to it",
            "  --quick          without looking at the account and its payment methods first",
            "exit status: 0 done; 1 usage or a file; 2 nothing sent; 3 refused; 4 no answer, ask again;",
            "  5 this machine; 6 confirmed without its reference; 7 not approved yet"
        };

        private static int Main(string[] arguments)
        {
            // The names of shoppers and the library's sentences are not ASCII.
            var utf8 = new UTF8Encoding(false);
            try
            {
                Console.OutputEncoding = utf8;
            }
            catch (IOException)
            {
                // Windows, and no console: another program reads this.
                Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true });
            }
            Options options = Options.Read(arguments);
            if (options == null)
            {
                foreach (string line in Usage)
                    Console.Error.WriteLine(line);
                return (int)Exit.Usage;
            }
            try
            {
                return (int)Run(options);
            }
            catch (IOException e)
            {
                // The till's own book, or the order's file.
                Console.Error.WriteLine("till: " + e.Message);
                return (int)Exit.Usage;
            }
            catch (DllNotFoundException e)
            {
                Console.Error.WriteLine("till: " + e.Message);
                return (int)Exit.Machine;
            }
        }

        private static Exit Run(Options options)
        {
            SequraClient client;
            try
            {
                client = SequraClient.OpenFile(options.Config);
            }
            catch (SequraException e)
            {
                if (e.Result == null)
                    throw;
                Screen.Show("open", e.Result);
                return Till.ExitOf(e.Status);
            }
            using (client)
            {
                foreach (SequraProblem warning in client.Opened.Warnings)
                    Screen.Say("warning", warning.ToString());
                return Run(options, new Till(client, options));
            }
        }

        private static Exit Run(Options options, Till till)
        {
            till.LookUp();
            Exit became = Exit.Done;
            // What was left unfinished comes first. Where it cannot be finished now, it stops no other sale. A change
            // after the sale takes along what has no answer of its own order: were that recovered first, a command that
            // is given again for want of an answer would ship as many goods again.
            bool recovers = options.Entry <= Entry.Recover;
            if (recovers)
            {
                Exit recovered = new Recovery(till).Run();
                if (options.Entry == Entry.Recover)
                    became = recovered;
            }
            bool lists = options.Entry == Entry.Pending || options.Entry == Entry.Recover;
            if (lists || (recovers && !options.Quick))
            {
                Exit shown = till.ShowPending();
                if (became == Exit.Done)
                    became = shown;
            }
            if (became != Exit.Done)
                return became;
            var afterSale = new AfterSale(till);
            var records = new Records(till.Client);
            switch (options.Entry)
            {
                case Entry.Sell:
                    if (!options.Quick)
                        became = till.CheckAccount();
                    return became == Exit.Done ? till.Sell() : became;
                case Entry.Form: return till.SendForm();
                case Entry.Confirm: return till.Confirm();
                case Entry.SetRef: return till.SetReference();
                case Entry.Pending:
                    became = till.ShowUnshipped();
                    return became == Exit.Done ? till.ShowBook() : became;
                case Entry.Abandon: return till.Abandon();
                case Entry.Resolve: return till.Resolve(options.More, options.Reason);
                case Entry.Ship: return afterSale.Ship(options.Name, options.Words);
                case Entry.Refund:
                    return options.Amount != null
                        ? afterSale.Refund(options.Name, long.Parse(options.Amount, CultureInfo.InvariantCulture), options.Reason)
                        : afterSale.Refund(options.Name, options.Words);
                case Entry.Cancel: return afterSale.Cancel(options.Name, options.Reason);
                case Entry.Update: return afterSale.Update(options.Name, options.More);
                case Entry.Info: return afterSale.Info(options.Name);
                case Entry.Log: return records.ShowLog(options.Words.FirstOrDefault());
                case Entry.Dismiss: return records.Dismiss(long.Parse(options.Name, CultureInfo.InvariantCulture));
                case Entry.Reconcile: return records.ShowPayouts();
                case Entry.Report: return records.Report();
                case Entry.Instalments:
                    return records.Instalments(
                        long.Parse(options.Name, CultureInfo.InvariantCulture), options.Words.FirstOrDefault());
                case Entry.SelfTest: return records.SelfTest();
                default: return became;
            }
        }
    }
}
