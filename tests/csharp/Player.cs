using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using SequraPos;

/// <summary>The player of C#: see tests/bindings/README.md. Everything goes through the assembly SequraPos.</summary>
internal static class Player
{
    private static readonly Dictionary<string, SequraClient> Clients = new Dictionary<string, SequraClient>();
    private static readonly Dictionary<string, SequraOrderBuilder> Orders = new Dictionary<string, SequraOrderBuilder>();
    private static SequraResult last;

    private static int Main()
    {
        var utf8 = new UTF8Encoding(false, true);
        var requests = new StreamReader(Console.OpenStandardInput(), utf8, false);
        var answers = new StreamWriter(Console.OpenStandardOutput(), utf8) { NewLine = "\n", AutoFlush = true };
        answers.WriteLine("ready\tcsharp\tunicode");
        for (string line; (line = requests.ReadLine()) != null && line != "quit"; )
        {
            string[] fields = line.Split('\t').Select(Plain).ToArray();
            answers.WriteLine(Answer(fields[0], fields.Skip(1).ToArray()));
        }
        return 0;
    }

    private static string Answer(string verb, string[] given)
    {
        try
        {
            return "0\t-\t" + Escaped(Play(verb, given) ?? "");
        }
        catch (SequraException e)
        {
            string text = e.Result == null ? e.Message : Keep(e.Result);
            return (int)e.Status + "\t" + e.GetType().Name + "\t" + Escaped(text);
        }
        catch (Exception e)
        {
            return "-1\t" + e.GetType().Name + "\t" + Escaped(e.Message);
        }
    }

    private static string Play(string verb, string[] given)
    {
        switch (verb)
        {
            case "open": return Opened(given[0], new SequraClient(given[1]));
            case "open_file": return Opened(given[0], SequraClient.OpenFile(given[1]));
            case "close": Clients[given[0]].Dispose(); return null;
            case "call": return Keep(Call(given[0], given[1], given.Skip(2).ToArray()));
            case "order_new":
                Orders[given[0]] = new SequraOrderBuilder(given[1] == null ? null : Clients[given[1]]);
                return null;
            case "order_set_text": Orders[given[0]].Set(given[1], given[2]); return null;
            case "order_set_int": Orders[given[0]].Set(given[1], Number(given[2])); return null;
            case "order_set_flag": Orders[given[0]].Set(given[1], given[2] == "1"); return null;
            case "order_add_item":
                Orders[given[0]].AddItem(
                    given[1], given[2], given[3], quantity: Number(given[4]), priceWithTax: Number(given[5]),
                    totalWithTax: Number(given[6]));
                return null;
            case "order_add_measured":
                Orders[given[0]].AddMeasured(given[1], given[2], given[3], given[4], given[5], Number(given[6]));
                return null;
            case "order_json": return Orders[given[0]].ToJson();
            case "order_free": Orders[given[0]].Dispose(); return null;
            case "value": return last.Get(given[0]);
            case "library": return Library(given[0], given.Length > 1 ? given[1] : null);
            default: throw new ArgumentException("there is no " + verb);
        }
    }

    private static SequraResult Call(string name, string function, string[] given)
    {
        if (name == null)
            return SequraLibrary.Echo(given[0]);
        SequraClient client = Clients[name];
        switch (function)
        {
            case "check_credentials": return client.CheckCredentials();
            case "self_test": return client.SelfTest();
            case "credit_agreements": return client.CreditAgreements(Number(given[1]), given[0], given[2]);
            case "payment_methods": return client.PaymentMethods(given[0]);
            case "check_order": return client.CheckOrder(given[0]);
            case "start_solicitation": return client.StartSolicitation(given[0]);
            case "send_form": return client.SendForm(given[0], given[1], given[2]);
            case "send_form_by": return client.SendFormBy(given[0], given[1], given[2], given[3]);
            case "hold": return client.Hold(given[0], given[1]);
            case "confirm": return client.Confirm(given[0], given[1]);
            case "set_order_ref": return client.SetOrderRef(given[0], given[1], given[2]);
            case "abandon": return client.Abandon(given[0]);
            case "resolve": return client.Resolve(given[0], given[1], given[2]);
            case "order_info": return client.OrderInfo(given[0]);
            case "receipt": return client.Receipt(given[0], (int)Number(given[1]));
            case "day": return client.Day(given[0], given[1]);
            case "update_order": return client.UpdateOrder(given[0], given[1]);
            case "ship": return client.Ship(given[0], given[1]);
            case "refund": return client.Refund(given[0], given[1]);
            case "cancel": return client.Cancel(given[0], given[1]);
            case "hand_over": return client.HandOver(given[0]);
            case "take_over": return client.TakeOver(given[0]);
            case "send_delivery_report": return client.SendDeliveryReport(given[0]);
            case "disbursements": return client.Disbursements(given[0]);
            case "pending": return client.Pending();
            case "recover": return client.Recover(given[0]);
            case "reconcile": return client.Reconcile();
            case "log": return client.Log(given[0]);
            case "log_dismiss": return client.LogDismiss(Number(given[0]));
            case "echo": return client.Echo(given[0]);
            default: throw new ArgumentException("there is no " + function);
        }
    }

    private static string Library(string function, string given)
    {
        switch (function)
        {
            case "abi_version": return SequraLibrary.AbiVersion.ToString(CultureInfo.InvariantCulture);
            case "version": return SequraLibrary.Version;
            case "build_info": return SequraLibrary.BuildInfo;
            case "status_name": return SequraLibrary.StatusName((SequraStatus)Number(given));
            case "status_class":
                return SequraLibrary.StatusClass((SequraStatus)Number(given)).ToString(CultureInfo.InvariantCulture);
            case "live_handles":
                if (last != null)
                    last.Dispose();
                return SequraLibrary.LiveHandles.ToString(CultureInfo.InvariantCulture);
            default: throw new ArgumentException("there is no " + function);
        }
    }

    private static string Opened(string name, SequraClient client)
    {
        Clients[name] = client;
        return Keep(client.Opened);
    }

    /// <summary>The result of a call becomes the last one.</summary>
    private static string Keep(SequraResult result)
    {
        if (last != null)
            last.Dispose();
        last = result;
        return result.Json;
    }

    private static long Number(string text)
    {
        return long.Parse(text, CultureInfo.InvariantCulture);
    }

    private static string Plain(string field)
    {
        if (field == "\\N")
            return null;
        var plain = new StringBuilder(field.Length);
        for (int i = 0; i < field.Length; i++)
            plain.Append(field[i] != '\\' ? field[i] : "\\\t\n\r"["\\tnr".IndexOf(field[++i])]);
        return plain.ToString();
    }

    private static string Escaped(string text)
    {
        return text.Replace("\\", "\\\\").Replace("\t", "\\t").Replace("\n", "\\n").Replace("\r", "\\r");
    }
}
