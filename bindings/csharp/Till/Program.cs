using System;
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

        /// <summary>The configuration or the order is wrong; nothing was sent (1xxx).</summary>
        NotSent = 2,

        /// <summary>seQura said no: nothing is sold (2xxx).</summary>
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
            "       till CONFIG --pending              what is unfinished",
            "       till CONFIG [ORDER.json] --form ORDER-URL     go on with the form",
            "       till CONFIG [ORDER.json] --confirm ORDER-URL  go on with the confirmation",
            "       till CONFIG --set-ref ORDER-URL NUMBER    go on with the reference",
            "       till CONFIG --abandon ORDER-URL    the shopper left: give it up",
            "options:",
            "  --ref NUMBER     the ticket number, seQura's order_ref_1 (default: made of the time)",
            "  --ref-first      send it with the order: the confirmation then settles the sale",
            "  --product CODE   seQura's product for the form (default: pp3)",
            "  --sales FILE     the till's own book (default: sales.txt)",
            "  --yes            do not ask the operator: the shopper is approved",
            "  --quick          without looking at the account and its payment methods first",
            "exit status: 0 done; 1 usage or a file; 2 nothing sent; 3 refused; 4 no answer, ask again;",
            "  5 this machine; 6 confirmed without its reference; 7 not approved yet"
        };

        private static int Main(string[] arguments)
        {
            // The names of shoppers and the library's sentences are not ASCII.
            Console.OutputEncoding = new UTF8Encoding(false);
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
            bool lists = options.Entry == Entry.Pending || options.Entry == Entry.Recover;
            bool asksSequra = options.Entry != Entry.Pending && options.Entry != Entry.Abandon;
            till.LookUp();
            Exit became = Exit.Done;
            // What was left unfinished comes first. Where it cannot be finished now, it stops no other sale.
            if (asksSequra)
            {
                Exit recovered = new Recovery(till).Run();
                if (options.Entry == Entry.Recover)
                    became = recovered;
            }
            if (lists || (asksSequra && !options.Quick))
            {
                Exit shown = till.ShowPending();
                if (became == Exit.Done)
                    became = shown;
            }
            if (became != Exit.Done)
                return became;
            switch (options.Entry)
            {
                case Entry.Pending: return till.ShowBook();
                case Entry.Abandon: return till.Abandon();
                case Entry.Form: return till.SendForm();
                case Entry.Confirm: return till.Confirm();
                case Entry.SetRef: return till.SetReference();
                case Entry.Sell:
                    if (!options.Quick)
                        became = till.CheckAccount();
                    return became == Exit.Done ? till.Sell() : became;
                default: return became;
            }
        }
    }

    /// <summary>What the command line asks for.</summary>
    internal enum Entry
    {
        Sell,
        Form,
        Confirm,
        SetRef,
        Pending,
        Recover,
        Abandon
    }

    /// <summary>The command line.</summary>
    internal sealed class Options
    {
        internal Entry Entry;
        internal string Config;
        internal string OrderFile;
        internal string Url;
        internal string Ticket;
        internal string Product = "pp3";
        internal string Book = "sales.txt";
        internal bool RefFirst;
        internal bool Yes;
        internal bool Quick;

        /// <summary>Reads it; null if it makes no sense.</summary>
        internal static Options Read(string[] arguments)
        {
            var options = new Options();
            try
            {
                options.ReadWords(arguments);
                return options;
            }
            catch (FormatException)
            {
                return null;
            }
        }

        private void ReadWords(string[] arguments)
        {
            int next = 0;
            Func<string> word = () =>
            {
                if (next == arguments.Length)
                    throw new FormatException();
                return arguments[next++];
            };
            Config = word();
            Check(!Config.StartsWith("-", StringComparison.Ordinal));
            while (next < arguments.Length)
            {
                string option = word();
                switch (option)
                {
                    case "--yes": Yes = true; break;
                    case "--quick": Quick = true; break;
                    case "--ref-first": RefFirst = true; break;
                    case "--product": Product = word(); break;
                    case "--sales": Book = word(); break;
                    case "--ref": Ticket = word(); break;
                    case "--pending": Begin(Entry.Pending); break;
                    case "--recover": Begin(Entry.Recover); break;
                    case "--form": Begin(Entry.Form); Url = word(); break;
                    case "--confirm": Begin(Entry.Confirm); Url = word(); break;
                    case "--abandon": Begin(Entry.Abandon); Url = word(); break;
                    case "--set-ref": Begin(Entry.SetRef); Url = word(); Ticket = word(); break;
                    default:
                        Check(!option.StartsWith("-", StringComparison.Ordinal) && OrderFile == null);
                        OrderFile = option;
                        break;
                }
            }
            Check(Ticket == null || IsTicket(Ticket));
            Check(OrderFile != null || (Entry != Entry.Sell && !RefFirst));
        }

        /// <summary>Ticket numbers go into the order, the book and the screen as they are.</summary>
        internal static bool IsTicket(string text)
        {
            return text != "" && text.All(letter => letter > ' ' && letter <= '~' && letter != '"' && letter != '\\');
        }

        private void Begin(Entry entry)
        {
            Check(Entry == Entry.Sell);
            Entry = entry;
        }

        private static void Check(bool makesSense)
        {
            if (!makesSense)
                throw new FormatException();
        }
    }
}
