using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Shop
{
    /// <summary>What the till is started for.</summary>
    internal enum Entry
    {
        // What was left unfinished comes before these.
        Sell,
        Form,
        Confirm,
        SetRef,
        Recover,

        Pending,
        Abandon,
        Resolve,
        Ship,
        Refund,
        Cancel,
        Update,
        Info,
        Log,
        Dismiss,
        Reconcile,
        Report,
        Instalments,
        SelfTest
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

        /// <summary>So many seconds the till asks seQura itself whether the shopper is approved; 0: it does not.</summary>
        internal int Wait;
        private string wait;

        /// <summary>What follows the entry's own word: the sale, for most; and what else it needs.</summary>
        internal string Name;
        internal string More;

        /// <summary>Items, or the sale whose log is meant.</summary>
        internal readonly List<string> Words = new List<string>();
        internal string Amount;
        internal string Reason;

        /// <summary>Each entry but Sell has its word, and so many words that must follow it.</summary>
        private static readonly Dictionary<string, KeyValuePair<Entry, int>> Entries =
            new Dictionary<string, KeyValuePair<Entry, int>>
            {
                { "--form", Needs(Entry.Form, 1) },
                { "--confirm", Needs(Entry.Confirm, 1) },
                { "--set-ref", Needs(Entry.SetRef, 2) },
                { "--recover", Needs(Entry.Recover, 0) },
                { "--pending", Needs(Entry.Pending, 0) },
                { "--abandon", Needs(Entry.Abandon, 1) },
                { "--resolve", Needs(Entry.Resolve, 2) },
                { "--ship", Needs(Entry.Ship, 1) },
                { "--refund", Needs(Entry.Refund, 1) },
                { "--cancel", Needs(Entry.Cancel, 1) },
                { "--update", Needs(Entry.Update, 2) },
                { "--info", Needs(Entry.Info, 1) },
                { "--log", Needs(Entry.Log, 0) },
                { "--dismiss", Needs(Entry.Dismiss, 1) },
                { "--reconcile", Needs(Entry.Reconcile, 0) },
                { "--report", Needs(Entry.Report, 0) },
                { "--instalments", Needs(Entry.Instalments, 1) },
                { "--self-test", Needs(Entry.SelfTest, 0) }
            };

        /// <summary>Reads it; null if it makes no sense.</summary>
        internal static Options Read(string[] arguments)
        {
            var options = new Options();
            try
            {
                options.ReadWords(((IEnumerable<string>)arguments).GetEnumerator());
                options.CheckSense();
                return options;
            }
            catch (FormatException)
            {
                return null;
            }
        }

        /// <summary>Ticket numbers go into the order, the book and the screen as they are.</summary>
        internal static bool IsTicket(string text)
        {
            return text != "" && text.All(letter => letter > ' ' && letter <= '~' && letter != '"' && letter != '\\');
        }

        private void ReadWords(IEnumerator<string> words)
        {
            Config = Next(words);
            Check(!IsOption(Config));
            while (words.MoveNext())
            {
                string word = words.Current;
                KeyValuePair<Entry, int> entry;
                if (Entries.TryGetValue(word, out entry))
                {
                    Check(Entry == Entry.Sell);
                    Entry = entry.Key;
                    Name = entry.Value > 0 ? Next(words) : null;
                    More = entry.Value > 1 ? Next(words) : null;
                    continue;
                }
                switch (word)
                {
                    case "--yes": Yes = true; break;
                    case "--quick": Quick = true; break;
                    case "--ref-first": RefFirst = true; break;
                    case "--product": Product = Next(words); break;
                    case "--sales": Book = Next(words); break;
                    case "--ref": Ticket = Next(words); break;
                    case "--amount": Amount = Next(words); break;
                    case "--reason": Reason = Next(words); break;
                    case "--wait": wait = Next(words); break;
                    default: ReadName(word); break;
                }
            }
            if (Entry == Entry.SetRef)
                Ticket = More;
            if (Entry < Entry.Recover || Entry == Entry.Abandon || Entry == Entry.Resolve)
                Url = Name;
        }

        private void ReadName(string word)
        {
            Check(!IsOption(word));
            if (Entry == Entry.Ship || Entry == Entry.Refund || Entry == Entry.Log ||
                Entry == Entry.Instalments)
            {
                Words.Add(word);
                return;
            }
            Check(OrderFile == null);
            OrderFile = word;
        }

        /// <summary>Whether what was given goes with what is to be done.</summary>
        private void CheckSense()
        {
            bool refundsAmount = Entry == Entry.Refund && Amount != null;
            Check(Amount == null || (refundsAmount && Words.Count == 0 && IsNumber(Amount)));
            Check(Entry == Entry.Resolve ? Reason != null : Reason == null || refundsAmount || Entry == Entry.Cancel);
            bool takesOneWord = Entry == Entry.Log || Entry == Entry.Instalments;
            Check(takesOneWord ? Words.Count <= 1 : Words.All(IsItem));
            Check((Entry != Entry.Dismiss && Entry != Entry.Instalments) || IsNumber(Name));
            Check(Ticket == null || IsTicket(Ticket));
            Check(wait == null || (wait.Length <= 5 && IsNumber(wait)));
            Wait = wait == null ? 0 : int.Parse(wait, CultureInfo.InvariantCulture);
            Check(OrderFile != null || (Entry != Entry.Sell && !RefFirst));
        }

        /// <summary>"REFERENCE=QUANTITY", or "REFERENCE" for all that is left of it.</summary>
        private static bool IsItem(string word)
        {
            int equals = word.LastIndexOf('=');
            return equals < 0 ? word != "" : equals > 0 && IsNumber(word.Substring(equals + 1));
        }

        private static bool IsNumber(string text)
        {
            int ignored;
            return text.Length < 10 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ignored);
        }

        private static bool IsOption(string word)
        {
            return word.StartsWith("-", StringComparison.Ordinal);
        }

        private static string Next(IEnumerator<string> words)
        {
            Check(words.MoveNext());
            return words.Current;
        }

        private static KeyValuePair<Entry, int> Needs(Entry entry, int words)
        {
            return new KeyValuePair<Entry, int>(entry, words);
        }

        private static void Check(bool makesSense)
        {
            if (!makesSense)
                throw new FormatException();
        }
    }
}
