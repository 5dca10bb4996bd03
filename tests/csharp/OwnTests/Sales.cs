using System;
using System.IO;
using System.Linq;
using System.Text;
using SequraPos;

internal static class Sales
{
    public static void ASaleAndWhatComesAfter()
    {
        using (SequraClient till = Given.Client())
        {
            SequraResult started = till.StartSolicitation(Given.Order("C-1"));
            Check.Equal(SequraStatus.Ok, started.Status);
            Check.Equal("SQ_OK", started.StatusName);
            Check.Equal(SequraOperation.StartSolicitation, started.Operation);
            Check.Equal(SequraNext.SendForm, started.Next);
            Check.Equal(38290L, started.Order.Amount.Value);
            Check.Equal("EUR", started.Order.Currency);
            Check.Equal("shop_es", started.Order.MerchantId);
            Check.That(started.Order.Url.EndsWith("/" + started.Order.Uuid, StringComparison.Ordinal), started.Order.Url);
            Check.Equal(204, started.Http.Status.Value);
            Check.Equal(1, started.Http.Attempts);
            Check.That(started.Order.OrderRef2 == null && started.Order.PortalUrl == null, started.Json);
            till.SendForm(started.Order.Url, "pp3");
            Given.Approve(started.Order.Uuid);
            Check.Equal(SequraState.Settled, till.Confirm(started.Order.Url).Order.State);
            Check.Equal("partly_shipped", till.Ship("C-1", "[{\"reference\":\"CAS-07\",\"quantity\":1}]").Get("/data/amounts/delivery"));
            Check.Equal("shipped", till.Ship("C-1").Get("/data/amounts/delivery"));
            Check.Equal(SequraStatus.Ok, till.SendDeliveryReport().Status);
        }
    }

    public static void AnOrderThatWasBuilt()
    {
        using (SequraClient till = Given.Client())
        using (var order = new SequraOrderBuilder())
        {
            order.AddItem(SequraItemType.Product, "CAÑ-7", "Caña «Iñaki» 😀", quantity: 1, priceWithTax: 7900, totalWithTax: 7900);
            order.AddItem(SequraItemType.Handling, "ENV", "Envío", quantity: 0, priceWithTax: 0, totalWithTax: 597);
            order.Set("/cart/currency", "EUR");
            order.Set("/cart/gift", false);
            order.Set("/cart/order_total_with_tax", 8497);
            order.Set("/delivery_method/name", "Recogida");
            foreach (string address in new[] { "/delivery_address", "/invoice_address" })
            {
                order.Set(address + "/given_names", "Íñigo");
                order.Set(address + "/surnames", "Muñoz Güell");
                order.Set(address + "/company", "");
                order.Set(address + "/address_line_1", "C/ de la Concepción 3");
                order.Set(address + "/address_line_2", "1º");
                order.Set(address + "/postal_code", "15001");
                order.Set(address + "/city", "A Coruña");
                order.Set(address + "/country_code", "ES");
                order.Set(address + "/mobile_phone", "666666666");
            }
            foreach (string pair in new[]
            {
                "given_names=Íñigo", "surnames=Muñoz Güell", "email=inigo.munoz@example.com", "nin=23232323T", "logged_in=unknown",
                "language_code=es-ES", "ip_number=127.0.0.1", "user_agent=till"
            })
                order.Set("/customer/" + pair.Split('=')[0], pair.Split('=')[1]);
            order.Set("/gui/layout", "desktop");
            foreach (string name in new[] { "name", "version", "uname", "db_name", "db_version" })
                order.Set("/platform/" + name, "x");
            Check.Equal(8497L, till.StartSolicitation(order.ToJson()).Order.Amount.Value);
        }
    }

    // README.md's first sale, compiled as it stands there; the shopper is approved while the operator is asked.
    public static void TheFirstSaleOfTheReadme()
    {
        string folder = Directory.GetCurrentDirectory();
        TextReader input = Console.In;
        TextWriter output = Console.Out;
        var said = new StringWriter();
        using (var scratch = new Given.Folder())
        {
            File.WriteAllText(scratch.File("till.json"), Given.Config(", \"language\": \"en\"").Replace(":memory:", "journal"));
            File.WriteAllText(scratch.File("order.json"), Given.Order());
            Directory.SetCurrentDirectory(scratch.Path);
            Console.SetIn(new Operator());
            Console.SetOut(said);
            try
            {
                Check.Equal(0, FirstSale.Main(new[] { "till.json", "order.json", "R-100" }));
            }
            finally
            {
                Console.SetIn(input);
                Console.SetOut(output);
                Directory.SetCurrentDirectory(folder);
            }
        }
        Check.That(said.ToString().Contains("You may hand over the goods"), said.ToString());
    }

    private sealed class Operator : TextReader
    {
        public override string ReadLine()
        {
            // The form that was sent last.
            string sms = Given.Ask("GET", "sms", null);
            const string name = "\"uuid\":\"";
            Given.Approve(sms.Substring(sms.LastIndexOf(name, StringComparison.Ordinal) + name.Length, 36));
            return "";
        }
    }
}
