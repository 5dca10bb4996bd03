using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Shop
{
    /// <summary>
    /// The till's own database: a text file to which one line is added for each step of a sale, as that of
    /// bindings/c, which tells more about it. The last line of a sale is what it has come to. A real till has a
    /// table for this.
    /// </summary>
    internal sealed class Book
    {
        private readonly string path;

        internal Book(string path)
        {
            this.path = path;
        }

        /// <summary>Adds a line, on the disk before it returns: only then may the sale go on.</summary>
        internal void Add(string state, string ticket, string amount, string currency, string url)
        {
            string when = DateTime.Now.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
            string line = string.Format("{0,-15}  {1}  {2} {3}  {4}  {5}\n", state, ticket, amount, currency, when, url);
            TextFile.Append(path, line);
        }

        /// <summary>Every sale as it stands now, oldest first.</summary>
        internal IList<Sale> Sales()
        {
            var sales = new List<Sale>();
            string text = TextFile.Exists(path) ? TextFile.Read(path) : "";
            // Behind the last end of a line is half a line, or nothing.
            foreach (string line in text.Substring(0, text.LastIndexOf('\n') + 1).Split('\n'))
            {
                string[] words = line.Split(new[] { ' ', '\r' }, StringSplitOptions.RemoveEmptyEntries);
                if (words.Length != 6)
                    continue;
                var sale = new Sale(words);
                int known = sales.FindIndex(other => other.Url == sale.Url);
                if (known < 0)
                    sales.Add(sale);
                else
                    sales[known] = sale;
            }
            return sales;
        }

        /// <summary>
        /// The sale with this order URL, or with this uuid at its end; null if there is none. A whole URL must be the
        /// same whole URL: a uuid on somebody else's host is another order.
        /// </summary>
        internal Sale Find(string urlOrUuid)
        {
            return Sales().FirstOrDefault(
                sale => sale.Url == urlOrUuid || sale.Url.Substring(sale.Url.LastIndexOf('/') + 1) == urlOrUuid);
        }
    }

    /// <summary>A sale as the book has it.</summary>
    internal sealed class Sale
    {
        internal const string Started = "started";
        internal const string Completed = "completed";
        internal const string Registered = "registered";
        internal const string Refused = "refused";
        internal const string Abandoned = "abandoned";

        // After the sale: a change is asked for, and what came of it is not known here yet; and what it came to.
        internal const string Changing = "changing";
        internal const string PartlyShipped = "partly_shipped";
        internal const string Shipped = "shipped";
        internal const string PartlyRefunded = "partly_refunded";
        internal const string Refunded = "refunded";
        internal const string Cancelled = "cancelled";

        internal readonly string State;
        internal readonly string Ticket;
        internal readonly string Amount;
        internal readonly string Currency;
        internal readonly string Url;

        internal Sale(string[] words)
        {
            State = words[0];
            Ticket = words[1];
            Amount = words[2];
            Currency = words[3];
            Url = words[5];
        }

        /// <summary>Is something due for it?</summary>
        internal bool IsOpen
        {
            get { return State == Started || State == Completed || State == Changing; }
        }

        /// <summary>Its ticket number, its price, and what is said of it.</summary>
        internal string Line(string words)
        {
            long cents;
            string amount = long.TryParse(Amount, out cents) ? Screen.Money(cents) : Amount;
            return Ticket + " " + amount + " " + Currency + " " + words;
        }
    }

    /// <summary>Files of the till's own. One that cannot be used is an IOException that says so.</summary>
    internal static class TextFile
    {
        internal static bool Exists(string path)
        {
            return File.Exists(path) || Directory.Exists(path);
        }

        internal static string Read(string path)
        {
            return Use("cannot read ", path, () => File.ReadAllText(path, Encoding.UTF8));
        }

        /// <summary>Adds a line; it is on the disk when this returns.</summary>
        internal static void Append(string path, string line)
        {
            Use("cannot write ", path, () =>
            {
                using (var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read))
                {
                    // A till that lost its power in the middle of a line leaves half a line. It must not run into this one.
                    if (file.Length > 0)
                    {
                        file.Seek(-1, SeekOrigin.End);
                        if (file.ReadByte() != '\n')
                            line = "\n" + line;
                    }
                    byte[] bytes = Encoding.UTF8.GetBytes(line);
                    file.Seek(0, SeekOrigin.End);
                    file.Write(bytes, 0, bytes.Length);
                    file.Flush(true);
                }
                return line;
            });
        }

        private static T Use<T>(string cannot, string path, Func<T> use)
        {
            try
            {
                return use();
            }
            catch (IOException e)
            {
                throw new IOException(cannot + path + ": " + e.Message, e);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new IOException(cannot + path + ": " + e.Message, e);
            }
        }
    }
}
