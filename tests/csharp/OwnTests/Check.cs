using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using SequraPos;

internal sealed class CheckFailed : Exception
{
    internal CheckFailed(string message)
        : base(message)
    {
    }
}

/// <summary>What tests say.</summary>
internal static class Check
{
    internal static void Equal<T>(T expected, T found, string about = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
            throw new CheckFailed(string.Format("{0} expected {1}, found {2}", about, expected, found));
    }

    internal static void That(bool holds, string what)
    {
        if (!holds)
            throw new CheckFailed(what);
    }

    /// <summary>The exception that this throws: of this class and no other.</summary>
    internal static T Throws<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            if (e.GetType() == typeof(T))
                return (T)e;
            throw;
        }
        throw new CheckFailed("no " + typeof(T).Name);
    }

    /// <summary>Does all of it at once, each in a thread; passes on what one throws.</summary>
    internal static void Together(IEnumerable<Action> actions)
    {
        Exception trouble = null;
        using (var start = new ManualResetEvent(false))
        {
            List<Thread> threads = actions.Select(action => new Thread(() =>
            {
                start.WaitOne();
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    trouble = e;
                }
            })).ToList();
            threads.ForEach(thread => thread.Start());
            start.Set();
            threads.ForEach(thread => thread.Join());
        }
        if (trouble != null)
            throw new CheckFailed("in a thread: " + trouble);
    }
}

/// <summary>What tests have.</summary>
internal static class Given
{
    internal static readonly string Root = Environment.GetEnvironmentVariable("SEQURA_POS_ROOT");
    private static readonly string Simulator = Environment.GetEnvironmentVariable("SEQURA_SIMULATOR_URL");

    /// <summary>A configuration, with more members: ", \"text_encoding\": \"windows-1252\"".</summary>
    internal static string Config(string more = "")
    {
        return "{\"base_url\": \"" + Simulator + "\", \"account_key\": \"sandbox_key\", \"account_secret\": \"sandbox_secret\"," +
               " \"merchants\": {\"ES\": \"shop_es\"}, \"journal\": \":memory:\", \"proxy\": \"none\"" + more + "}";
    }

    internal static SequraClient Client(string more = "")
    {
        return new SequraClient(Config(more));
    }

    /// <summary>The order of the tills, with this number.</summary>
    internal static string Order(string orderRef1 = null)
    {
        string order = File.ReadAllText(Path.Combine(Root, "bindings/c/order.json"), Encoding.UTF8);
        return orderRef1 == null
            ? order
            : order.Insert(order.IndexOf('{') + 1, "\"merchant_reference\":{\"order_ref_1\":\"" + orderRef1 + "\"},");
    }

    /// <summary>Sells; the result of the confirmation.</summary>
    internal static SequraResult Sell(SequraClient till, string order)
    {
        SequraOrder started = till.StartSolicitation(order).Order;
        till.SendForm(started.Url, "pp3");
        Approve(started.Uuid);
        return till.Confirm(started.Url);
    }

    internal static void Approve(string uuid)
    {
        Ask("POST", "orders/" + uuid + "/approve", "");
    }

    /// <summary>The order as seQura got it: JSON in UTF-8.</summary>
    internal static string OrderAtSequra(string uuid)
    {
        return Ask("GET", "orders/" + uuid, null);
    }

    internal static string Ask(string method, string path, string body)
    {
        var request = (HttpWebRequest)WebRequest.Create(Simulator + "/_sandbox/" + path);
        request.Proxy = null;
        request.Method = method;
        if (body != null)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(body);
            request.ContentLength = bytes.Length;
            using (Stream stream = request.GetRequestStream())
                stream.Write(bytes, 0, bytes.Length);
        }
        using (WebResponse response = request.GetResponse())
        using (var reader = new StreamReader(response.GetResponseStream(), Encoding.UTF8))
            return reader.ReadToEnd();
    }

    /// <summary>A folder that goes when it is disposed of.</summary>
    internal sealed class Folder : IDisposable
    {
        internal readonly string Path =
            System.IO.Path.Combine(System.IO.Path.GetTempPath(), "sequra-csharp-" + Guid.NewGuid().ToString("N"));

        internal Folder()
        {
            Directory.CreateDirectory(Path);
        }

        internal string File(string name)
        {
            return System.IO.Path.Combine(Path, name);
        }

        public void Dispose()
        {
            Directory.Delete(Path, true);
        }
    }
}
