using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;

namespace Shop
{
    /// <summary>
    /// Waiting for the shopper where the shop has agreed with seQura that the till may ask again and again (--wait): a
    /// decent till begins with pauses of five seconds, makes them longer, and comes to an end.
    /// </summary>
    internal sealed class Wait
    {
        private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
        private readonly TimeSpan whole;
        private readonly Stopwatch clock = new Stopwatch();
        private TimeSpan pause = TimeSpan.FromSeconds(5);

        internal Wait(int seconds)
        {
            whole = TimeSpan.FromSeconds(seconds);
        }

        /// <summary>Waits until the next round; false: that was the last one, or the operator has pressed Enter.</summary>
        internal bool ForRound()
        {
            if (!clock.IsRunning)
            {
                clock.Start();
                Screen.Say("waiting", "for the shopper, up to " +
                    whole.TotalSeconds.ToString(CultureInfo.InvariantCulture) + " s; Enter stops it");
            }
            TimeSpan left = whole - clock.Elapsed;
            if (left <= TimeSpan.Zero || IsStoppedWithin(pause < left ? pause : left))
                return false;
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, LongestPause.Ticks));
            return true;
        }

        /// <summary>Waits so long, or until the operator presses Enter. Without a keyboard it only waits.</summary>
        private static bool IsStoppedWithin(TimeSpan time)
        {
            Stopwatch waited = Stopwatch.StartNew();
            while (waited.Elapsed < time)
            {
                if (!Console.IsInputRedirected && Console.KeyAvailable && Console.ReadKey(true).Key == ConsoleKey.Enter)
                    return true;
                Thread.Sleep(50);
            }
            return false;
        }
    }
}
