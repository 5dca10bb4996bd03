using System;
using System.Globalization;
using SequraPos;

namespace Shop
{
    /// <summary>What the operator and the technician see.</summary>
    internal static class Screen
    {
        private const int Indent = 14;
        private const int Columns = 100;

        private static readonly NumberFormatInfo Spanish = new NumberFormatInfo
        {
            NumberDecimalSeparator = ",",
            NumberGroupSeparator = ".",
            NumberNegativePattern = 1
        };

        /// <summary>Prints "label   text", broken at spaces.</summary>
        internal static void Say(string label, string text)
        {
            string line = "  " + label.PadRight(Indent - 2);
            foreach (string word in text.Split(new[] { ' ', '\n' }, StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length == Indent)
                {
                    line += word;
                }
                else if (line.Length + 1 + word.Length <= Columns)
                {
                    line += " " + word;
                }
                else
                {
                    Console.WriteLine(line);
                    line = new string(' ', Indent) + word;
                }
            }
            Console.WriteLine(line);
        }

        /// <summary>A line with more at its end; as it was where there is no more.</summary>
        internal static string And(string line, string between, string more)
        {
            return more == null ? line : line + between + more;
        }

        /// <summary>What came of a call: to the technician in a line, to the operator in the till's language.</summary>
        internal static void Show(string label, SequraResult answer)
        {
            string line = And(answer.StatusName, ", HTTP ", answer.Find("/http/status"));
            line = And(line, ": ", answer.Find("/order/state"));
            Say(label, And(line, "; next: ", answer.Next == SequraNext.None ? null : answer.Next));
            foreach (SequraProblem error in answer.Errors)
                Say("", error.ToString());
            foreach (SequraProblem warning in answer.Warnings)
                Say("warning", warning.ToString());
            if (answer.OperatorMessage != "")
                Say("operator >>", answer.OperatorMessage);
        }

        /// <summary>Asks the operator; null when nobody is there.</summary>
        internal static string Ask(string question)
        {
            Console.Write("  {0}{1} ", "operator ?".PadRight(Indent - 2), question);
            string answer = Console.ReadLine();
            if (answer == null)
                Console.WriteLine();
            return answer;
        }

        /// <summary>How the operator takes the sale up again later.</summary>
        internal static void SayHowToGoOn(string url, string option, string more = "")
        {
            string uuid = url.Substring(url.LastIndexOf('/') + 1);
            Say("to go on", "till CONFIG " + option + " " + uuid + " " + more);
        }

        /// <summary>What has no answer yet is found out by the till itself, for all such orders at once.</summary>
        internal static void SayRecover()
        {
            Say("to go on", "till CONFIG --recover; the next sale begins with it too");
        }

        /// <summary>What the operator has to do for the order.</summary>
        internal static void SayWhatIsDue(string url, string next)
        {
            switch (next)
            {
                case SequraNext.SendForm: SayHowToGoOn(url, "--form"); break;
                case SequraNext.Confirm: SayHowToGoOn(url, "--confirm"); break;
                case SequraNext.FixOrder: SayHowToGoOn(url, "--confirm"); break;
                case SequraNext.SetOrderRef: SayHowToGoOn(url, "--set-ref", "NUMBER"); break;
                case SequraNext.ChooseAnotherRef: SayHowToGoOn(url, "--set-ref", "ANOTHER-NUMBER"); break;
            }
        }

        internal static void PrintReceipt(string ticket, SequraOrder order)
        {
            string rule = new string('-', 55);
            string price = order.Amount == null ? "?" : Price(order.Amount.Value, order.Currency);
            foreach (string line in new[]
            {
                rule,
                string.Format("Ticket {0,-20} {1,27}", ticket, price),
                string.Format("Pagado con seQura   {0,35}", order.Uuid),
                rule
            })
                Console.WriteLine(new string(' ', Indent) + line);
        }

        /// <summary>38290 as people write it: 382,90.</summary>
        internal static string Money(long cents)
        {
            return (cents / 100m).ToString("N2", Spanish);
        }

        internal static string Price(long cents, string currency)
        {
            return Money(cents) + " " + currency;
        }
    }
}
