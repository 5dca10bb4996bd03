using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SequraPos;

internal static class Lifetimes
{
    public static void DisposedOfTwiceAndUsedAfterwards()
    {
        SequraClient till = Given.Client();
        till.Dispose();
        till.Dispose();
        foreach (Action use in new Action[]
        {
            () => till.Pending(), () => till.Echo("x"), () => till.Confirm("x"), () => new SequraOrderBuilder(till),
            () => till.LogDismiss(1)
        })
            Check.Equal("SequraClient", Check.Throws<ObjectDisposedException>(use).ObjectName);

        var order = new SequraOrderBuilder();
        order.Dispose();
        order.Dispose();
        foreach (Action use in new Action[]
        {
            () => order.ToJson(), () => order.Set("/x", "x"), () => order.Set("/x", 1), () => order.Set("/x", true),
            () => order.AddItem(null, "x", "x", 1, 1, 1)
        })
            Check.Equal("SequraOrderBuilder", Check.Throws<ObjectDisposedException>(use).ObjectName);

        SequraResult result = SequraLibrary.Echo("x");
        SequraHttp http = result.Http;
        result.Dispose();
        result.Dispose();
        Check.That(http == null, "nothing is sent for an echo");
        foreach (Action use in new Action[]
        {
            () => result.Get("/status"), () => result.Json.ToString(), () => result.Find("/status"), () => result.Errors.ToString(),
            () => result.Each("/errors").ToList()
        })
            Check.Equal("SequraResult", Check.Throws<ObjectDisposedException>(use).ObjectName);
    }

    public static void AResultOutlivesItsClient()
    {
        SequraClient till = Given.Client();
        SequraResult pending = till.Pending();
        SequraOrder order = till.StartSolicitation(Given.Order()).Order;
        till.Dispose();
        Check.Equal(SequraStatus.Ok, pending.Status);
        Check.Equal(0, pending.Each("/data/orders").Count());
        Check.Equal(SequraState.Solicited, order.State);
        // Opening's belongs to the client.
        Check.Throws<ObjectDisposedException>(() => till.Opened.Json.ToString());
    }

    public static void ABuilderOutlivesItsClient()
    {
        SequraClient till = Given.Client(", \"text_encoding\": \"windows-1252\"");
        using (var order = new SequraOrderBuilder(till))
        {
            till.Dispose();
            order.Set("/x", "ñ€");
            Check.Equal("{\"x\":\"ñ€\"}", order.ToJson());
        }
    }

    public static void CollectedInAnyOrder()
    {
        var chance = new Random(unchecked((int)ulong.Parse(Environment.GetEnvironmentVariable("SEQURA_SEED"))));
        for (int i = 0; i < 50; i++)
        {
            List<object> things = Things();
            while (things.Count > 0)
            {
                things.RemoveAt(chance.Next(things.Count));
                if (chance.Next(10) == 0)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }
            }
        }
    }

    private static List<object> Things()
    {
        SequraClient till = Given.Client();
        var things = new List<object>
        {
            till, till.Opened, till.Pending(), till.Echo("x"), SequraLibrary.Echo("x"), new SequraOrderBuilder(till),
            new SequraOrderBuilder()
        };
        try
        {
            till.Confirm("nobody");
        }
        catch (SequraException e)
        {
            // A circle, that only the collector finds.
            things.Add(new object[] { e, things });
        }
        return things;
    }

    public static void DisposedOfByManyThreadsAtOnce()
    {
        for (int i = 0; i < 50; i++)
        {
            SequraClient till = Given.Client();
            SequraResult result = SequraLibrary.Echo("x");
            var order = new SequraOrderBuilder();
            Check.Together(new Action[] { till.Dispose, till.Dispose, result.Dispose, result.Dispose, order.Dispose, order.Dispose });
        }
    }

    public static void DisposedOfWhileOthersUseIt()
    {
        for (int i = 0; i < 10; i++)
        {
            SequraClient till = Given.Client();
            SequraResult result = till.Echo(new string('Ñ', 10000));
            var order = new SequraOrderBuilder();
            int begun = 0;
            Action[] uses =
            {
                () => till.Echo("Íñigo").Dispose(), () => till.Pending().Dispose(), () => Check.Equal(10000, result.Get("/data/text").Length),
                () => Check.That(result.Json.Length > 10000, "all of it"), () => order.Set("/x", "Íñigo"), () => order.ToJson()
            };
            IEnumerable<Action> users = uses.Select<Action, Action>(use => () =>
            {
                try
                {
                    while (true)
                    {
                        use();
                        Interlocked.Increment(ref begun);
                    }
                }
                catch (ObjectDisposedException)
                {
                    // .NET's own, whenever it comes: the library is not asked with a handle that it took back.
                }
            });
            Check.Together(users.Concat(new Action[]
            {
                () =>
                {
                    while (begun < 100)
                        Thread.Sleep(1);
                    till.Dispose();
                    result.Dispose();
                    order.Dispose();
                }
            }));
        }
    }
}

internal static class Threads
{
    public static void OneClientForMany()
    {
        using (SequraClient till = Given.Client())
            Check.Together(Enumerable.Range(1, 6).Select<int, Action>(number => () =>
            {
                string reference = "T-" + number;
                Check.Equal(SequraState.Settled, Given.Sell(till, Given.Order(reference)).Order.State);
                for (int i = 0; i < 20; i++)
                    Check.Equal(reference, till.OrderInfo(reference).Order.OrderRef1);
            }));
    }

    public static void OneOrderBuiltByMany()
    {
        using (var order = new SequraOrderBuilder())
        {
            Check.Together(Enumerable.Range(0, 4).Select<int, Action>(number => () =>
            {
                for (int i = 0; i < 50; i++)
                    order.AddItem(SequraItemType.Product, "R-" + number, "x", 1, 1, 1);
            }));
            order.Set("/cart/items/199/name", "the last");
            Check.Throws<SequraInvalidCallException>(() => order.Set("/cart/items/201/name", "too far"));
        }
    }

    public static void FunctionsAreFoundByManyAtOnce()
    {
        // None of these was called before: the classes run in the order of their list.
        using (SequraClient till = Given.Client())
            Check.Together(Enumerable.Range(0, 8).Select<int, Action>(number => () =>
            {
                Check.Equal(SequraStatus.Ok, till.Reconcile().Status);
                Check.Equal(SequraStatus.Ok, till.Log().Status);
            }));
    }
}
