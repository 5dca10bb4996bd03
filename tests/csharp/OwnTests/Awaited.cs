using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using SequraPos;

/// <summary>Calls in worker threads, which are awaited.</summary>
internal static class Awaited
{
    public static void EveryCallIsThereToBeAwaitedWithTheSameArguments()
    {
        const BindingFlags Calls = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        MethodInfo[] all = typeof(SequraClient).GetMethods(Calls);
        MethodInfo[] once = all.Where(one => one.ReturnType == typeof(SequraResult) && !one.IsSpecialName).ToArray();
        Check.That(once.Any(one => one.Name == "Confirm"), "calls");
        foreach (MethodInfo one in once)
        {
            MethodInfo awaited = all.SingleOrDefault(other => other.Name == one.Name + "Async");
            Check.That(awaited != null && awaited.ReturnType == typeof(Task<SequraResult>), one.Name);
            string[] parameters = awaited.GetParameters().Select(of => of.ToString() + of.DefaultValue).ToArray();
            Check.Equal(typeof(CancellationToken), awaited.GetParameters().Last().ParameterType, one.Name);
            string[] wanted = one.GetParameters().Select(of => of.ToString() + of.DefaultValue).ToArray();
            Check.That(wanted.SequenceEqual(parameters.Take(parameters.Length - 1)), one.Name);
        }
    }

    public static void ASale()
    {
        using (var line = new HeldLine())
            Check.Equal(SequraState.Settled, Sale(line).Result);
    }

    private static async Task<string> Sale(HeldLine line)
    {
        using (SequraClient till = await SequraClient.OpenAsync(line.Config))
        {
            SequraOrder order = (await till.StartSolicitationAsync(Given.Order("AW-1"))).Order;
            await till.SendFormAsync(order.Url, "pp3");
            Given.Approve(order.Uuid);
            line.Free.Reset();
            Task<SequraResult> confirming = till.ConfirmAsync(order.Url);
            Check.That(!confirming.Wait(200), "the line is held, and this thread goes on");
            line.Free.Set();
            return (await confirming).Order.State;
        }
    }

    public static void ACancelledWaitLeavesTheCallAlone()
    {
        using (var line = new HeldLine())
        using (var till = new SequraClient(line.Config))
        using (var wish = new CancellationTokenSource())
        {
            string url = Approved(till, "AW-2");
            line.Free.Reset();
            Task<SequraResult> confirming = till.ConfirmAsync(url, null, wish.Token);
            Until(till, url, SequraState.Confirming);
            wish.Cancel();
            Check.That(confirming.IsCanceled, "the wait is over");
            Check.Equal(SequraState.Confirming, till.OrderInfo(url).Order.State);
            line.Free.Set();
            Until(till, url, SequraState.Settled);
        }
    }

    public static void WhatIsCancelledBeforeItBeginsIsNotMade()
    {
        using (SequraClient till = Given.Client())
        using (var wish = new CancellationTokenSource())
        {
            wish.Cancel();
            Check.That(till.StartSolicitationAsync(Given.Order(), wish.Token).IsCanceled, "it is cancelled");
            Check.Equal(0, till.Pending().PendingData.Orders.Count);
        }
    }

    public static void AClientThatIsDisposedOfMeanwhileEndsWithTheCall()
    {
        using (var line = new HeldLine())
        {
            var till = new SequraClient(line.Config);
            string url = Approved(till, "AW-3");
            line.Free.Reset();
            Task<SequraResult> confirming = till.ConfirmAsync(url);
            Until(till, url, SequraState.Confirming);
            till.Dispose();
            line.Free.Set();
            Check.Equal(SequraState.Settled, confirming.Result.Order.State);
            AggregateException after = Check.Throws<AggregateException>(() => till.ConfirmAsync(url).Wait());
            Check.That(after.InnerException is ObjectDisposedException, after.ToString());
        }
    }

    public static void WhatIsNotDoneIsThrownWhereItIsAwaited()
    {
        using (SequraClient till = Given.Client())
        {
            AggregateException thrown = Check.Throws<AggregateException>(() => till.StartSolicitationAsync("{}").Wait());
            Check.Equal(SequraStatus.InvalidOrder, ((SequraException)thrown.InnerException).Status);
        }
    }

    private static string Approved(SequraClient till, string orderRef1)
    {
        SequraOrder order = till.StartSolicitation(Given.Order(orderRef1)).Order;
        till.SendForm(order.Url, "pp3");
        Given.Approve(order.Uuid);
        return order.Url;
    }

    private static void Until(SequraClient till, string url, string state)
    {
        for (int i = 0; till.OrderInfo(url).Order.State != state; i++)
        {
            Check.That(i < 6000, "it does not come to " + state);
            Thread.Sleep(10);
        }
    }

    /// <summary>A way to the simulator. What comes back is held while it is not free.</summary>
    private sealed class HeldLine : IDisposable
    {
        internal readonly ManualResetEvent Free = new ManualResetEvent(true);
        private readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        private readonly Thread listening;
        private volatile bool isClosing;
        private readonly Uri simulator = new Uri(Environment.GetEnvironmentVariable("SEQURA_SIMULATOR_URL"));

        internal HeldLine()
        {
            listener.Start();
            listening = new Thread(Listen) { IsBackground = true };
            listening.Start();
        }

        internal string Config
        {
            get
            {
                string address = "http://127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port;
                return Given.Config().Replace(simulator.ToString().TrimEnd('/'), address);
            }
        }

        public void Dispose()
        {
            Free.Set();
            isClosing = true;
            // Stopped while it waits for somebody, it would wait for ever on .NET Core.
            using (var last = new TcpClient())
                last.Connect((IPEndPoint)listener.LocalEndpoint);
            listening.Join();
            listener.Stop();
        }

        private void Listen()
        {
            for (Socket till = listener.AcceptSocket(); !isClosing; till = listener.AcceptSocket())
            {
                Socket asks = till;
                var sequra = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sequra.Connect(simulator.Host, simulator.Port);
                new Thread(() => Pass(asks, sequra, false)) { IsBackground = true }.Start();
                new Thread(() => Pass(sequra, asks, true)) { IsBackground = true }.Start();
            }
        }

        private void Pass(Socket from, Socket to, bool isHeld)
        {
            var bytes = new byte[65536];
            try
            {
                for (int count = from.Receive(bytes); count > 0; count = from.Receive(bytes))
                {
                    if (isHeld)
                        Free.WaitOne();
                    to.Send(bytes, count, SocketFlags.None);
                }
                to.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                to.Close();
            }
            catch (ObjectDisposedException)
            {
            }
        }
    }
}
