using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using SequraPos;

internal static class Texts
{
    private const string Windows1252 = ", \"text_encoding\": \"windows-1252\"";

    public static void ATextWithANulIsRefusedAndNotCut()
    {
        using (SequraClient till = Given.Client())
        using (var order = new SequraOrderBuilder())
        {
            Check.Equal("text", Check.Throws<ArgumentException>(() => SequraLibrary.Echo("a\0b")).ParamName);
            Check.Equal("orderUrl", Check.Throws<ArgumentException>(() => till.Confirm("x\0")).ParamName);
            Check.Equal("orderJson", Check.Throws<ArgumentException>(() => till.StartSolicitation("{\0}")).ParamName);
            Check.Equal("text", Check.Throws<ArgumentException>(() => order.Set("/x", "\0")).ParamName);
            Check.Equal("pointer", Check.Throws<ArgumentException>(() => order.Set("/x\0", 1)).ParamName);
            Check.Equal("pointer", Check.Throws<ArgumentException>(() => till.Opened.Get("/status\0/x")).ParamName);
            Check.Equal("configJson", Check.Throws<ArgumentException>(() => new SequraClient("{}\0")).ParamName);
            Check.Equal("path", Check.Throws<ArgumentException>(() => SequraClient.OpenFile("till.json\0.txt")).ParamName);
            Check.Equal("{}", order.ToJson());
        }
    }

    public static void HalfACharacterIsRefusedAndNotReplaced()
    {
        Check.Throws<EncoderFallbackException>(() => SequraLibrary.Echo("x\uD83D"));
        Check.Throws<EncoderFallbackException>(() => SequraLibrary.Echo("\uDE00x"));
    }

    public static void NullIsNull()
    {
        using (SequraClient till = Given.Client())
        using (var order = new SequraOrderBuilder())
        {
            Invalid(() => till.Echo(null));
            Invalid(() => till.StartSolicitation(null));
            Invalid(() => order.Set(null, "x"));
            Invalid(() => new SequraClient(null));
            // No client: UTF-8.
            new SequraOrderBuilder(null).Dispose();
        }
    }

    public static void ValuesOfEveryLength()
    {
        for (int length = 190; length < 210; length++)
            foreach (char letter in "xñ")
                using (SequraResult result = SequraLibrary.Echo(new string(letter, length)))
                    Check.Equal(new string(letter, length), result.Get("/data/text"));
    }

    private static void Invalid(Action call)
    {
        Check.Equal(SequraStatus.InvalidArgument, Check.Throws<SequraInvalidCallException>(call).Status);
    }

    public static void NumbersOf64Bits()
    {
        using (var order = new SequraOrderBuilder())
        {
            order.Set("/most", long.MaxValue);
            order.Set("/least", long.MinValue);
            order.Set("/yes", true);
            order.Set("/no", false);
            order.AddItem(SequraItemType.Discount, null, null, 6000000000, 7000000000, -5000000000);
            string json = order.ToJson();
            foreach (string part in new[]
            {
                "\"most\":9223372036854775807", "\"least\":-9223372036854775808", "\"yes\":true", "\"no\":false", "-5000000000"
            })
                Check.That(json.Contains(part), part + " is not in " + json);
            order.AddItem(
                SequraItemType.Product, "x", "x", quantity: 6000000000, priceWithTax: 7000000000, totalWithTax: 1);
            json = order.ToJson();
            Check.That(json.Contains("\"quantity\":6000000000"), json);
            Check.That(json.Contains("\"price_with_tax\":7000000000"), json);
        }
        using (SequraClient till = Given.Client())
        {
            till.StartSolicitation(Given.Order());
            long entry = till.Log().FindInteger("/data/entries/0/id").Value;
            Check.Throws<SequraInvalidCallException>(() => till.LogDismiss(entry + (1L << 32)));
            till.LogDismiss(entry);
        }
    }

    // The till of the issue: its strings come from files in Windows-1252. What .NET reads them with decides; from
    // there on they are Unicode, and the library's default, UTF-8, is right.
    public static void ATillWithFilesInWindows1252SellsToInigo()
    {
        using (SequraClient till = Given.Client(", \"language\": \"es\""))
            SellToInigo(till);
    }

    // The same where the configuration, which another till may share, names the encoding.
    public static void AClientInWindows1252SellsToInigo()
    {
        using (SequraClient till = Given.Client(", \"language\": \"es\"" + Windows1252))
        {
            Check.Equal("windows-1252", till.Opened.Get("/data/text_encoding"));
            SellToInigo(till);
        }
    }

    private static void SellToInigo(SequraClient till)
    {
        using (var folder = new Given.Folder())
        {
            // Letters up to U+00FF are the same bytes in both.
            Encoding latin1 = Encoding.GetEncoding("iso-8859-1");
            string street = "C/ de la Concepción 3, 1º";
            File.WriteAllBytes(folder.File("order.json"), latin1.GetBytes(
                Given.Order().Replace("\"C/ de la Concepción 3\"", "\"" + street + "\"")));
            string order = File.ReadAllText(folder.File("order.json"), latin1);
            SequraOrder started = till.StartSolicitation(order).Order;
            till.SendForm(started.Url, "pp3");
            SequraException early = Check.Throws<SequraConflictException>(() => till.Confirm(started.Url, order));
            Check.That(early.OperatorMessage.Contains("todavía"), early.OperatorMessage);
            Check.That(early.Result.Json.Contains("todavía"), early.Result.Json);
            Given.Approve(started.Uuid);
            Check.Equal(SequraState.Confirmed, till.Confirm(started.Url, order).Order.State);
            string told = Given.OrderAtSequra(started.Uuid);
            foreach (string text in new[] { "Íñigo", "Muñoz Güell", street, "Bicicleta plegable Ñandú", "A Coruña" })
                Check.That(told.Contains(text), text + " is not in " + told);
        }
    }

    public static void WhatAnEncodingLacks()
    {
        using (SequraClient till = Given.Client(Windows1252))
        {
            // JSON has a way to say it.
            string order = Given.Order().Replace("Íñigo", "Łukasz 漢 😀 €");
            SequraOrder started = till.StartSolicitation(order).Order;
            Check.That(Given.OrderAtSequra(started.Uuid).Contains("Łukasz 漢 😀 €"), "the name has arrived");
            // A text has none: it is refused, and not changed into another.
            Check.That(Check.Throws<ArgumentException>(() => till.Echo("Łukasz")).Message.Contains("U+0141"), "says which");
            using (var builder = new SequraOrderBuilder(till))
                Check.Throws<ArgumentException>(() => builder.Set("/customer/given_names", "Łukasz"));
            // Without the client it is Unicode.
            using (var builder = new SequraOrderBuilder())
            {
                builder.Set("/customer/given_names", "Łukasz");
                Check.That(builder.ToJson().Contains("Łukasz"), "all of Unicode");
            }
        }
    }

    public static void OtherEncodings()
    {
        // Modern .NET has them when the program registers them; .NET Framework and Mono as they are.
        Type provider = Type.GetType("System.Text.CodePagesEncodingProvider, System.Text.Encoding.CodePages");
        if (provider != null)
        {
            Check.Throws<NotSupportedException>(() => Given.Client(", \"text_encoding\": \"iso-8859-15\""));
            typeof(Encoding).GetMethod("RegisterProvider").Invoke(
                null, new[] { provider.GetProperty("Instance", BindingFlags.Public | BindingFlags.Static).GetValue(null, null) });
        }
        using (SequraClient till = Given.Client(", \"text_encoding\": \"iso-8859-15\""))
        {
            Check.Equal("ISO-8859-15", till.Opened.Get("/data/text_encoding"));
            Check.Equal("Œuvre, 3 €, ñ", till.Echo("Œuvre, 3 €, ñ").Get("/data/text"));
            // 0xA4 is the euro here, and in Windows-1252 this sign.
            Check.Throws<ArgumentException>(() => till.Echo("¤"));
        }
        // Not one of single bytes; and a client that cannot be spoken with is not left open.
        long handles = SequraLibrary.LiveHandles;
        string message = Check.Throws<NotSupportedException>(() => Given.Client(", \"text_encoding\": \"shift_jis\"")).Message;
        Check.That(message.Contains("Shift_JIS") && message.Contains("leave text_encoding out"), message);
        Check.Equal(handles, SequraLibrary.LiveHandles);
    }
}
