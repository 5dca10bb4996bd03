using System;
using System.Collections.Generic;
using SequraPos;

/// <summary>Typed CONFIG: docs/orders/large.json written with the assembly's types, and sold.</summary>
public static class Typed
{
    private static SequraOrderContent Large()
    {
        return new SequraOrderContent
        {
            Merchant = new SequraMerchant
            {
                Id = "shop_es", StoreRef = "madrid-3", OperatorRef = "ana",
                Options = new SequraOptions { ImmutableCustomerData = true },
            },
            MerchantReference = new SequraMerchantReference { OrderRef1 = "T3-000123", OrderRef2 = "F-2026-77" },
            Cart = new SequraCart
            {
                Currency = "EUR", Gift = true, CartRef = "M3-4711", CreatedAt = "2026-11-27T12:25:20+01:00",
                OrderTotalWithTax = 44690,
                Items = new List<SequraItem>
                {
                    new SequraProduct
                    {
                        Reference = "BIC-20", Name = "Bicicleta plegable Ñandú 20\"", Quantity = 1, PriceWithTax = 34900,
                        TotalWithTax = 34900, Downloadable = false, Category = "Bicicletas", Manufacturer = "Ñandú, S. A.",
                        ProductId = 4711, Restockable = true,
                    },
                    new SequraProduct
                    {
                        Reference = "GRA-7", Name = "Gravilla a granel 2,345 kg", Quantity = 1, PriceWithTax = 1000,
                        TotalWithTax = 1000, Downloadable = false,
                    },
                    new SequraService
                    {
                        Reference = "GAR-2", Name = "Garantía ampliada, dos años", Quantity = 1, PriceWithTax = 14500,
                        TotalWithTax = 14500, Downloadable = false, EndsIn = "P2Y",
                    },
                    new SequraHandling { Reference = "ENV-01", Name = "Envío a domicilio", TotalWithTax = 1290 },
                    new SequraDiscount { Reference = "REB-11", Name = "Rebaja de otoño", TotalWithTax = -2000 },
                    new SequraOtherPayment { Reference = "EFE-01", Name = "Pagado en efectivo", TotalWithTax = -5000 },
                },
            },
            DeliveryMethod = new SequraDeliveryMethod
            {
                Name = "Envío a domicilio", Days = "2", Provider = "Correos", HomeDelivery = true,
            },
            DeliveryAddress = new SequraAddress
            {
                GivenNames = "Íñigo", Surnames = "Muñoz Güell", Company = "", AddressLine1 = "C/ de la Concepción 3",
                AddressLine2 = "1º", PostalCode = "15001", City = "A Coruña", State = "A Coruña", CountryCode = "ES",
                MobilePhone = "612345678", Extra = "Portal B",
            },
            InvoiceAddress = new SequraAddress
            {
                GivenNames = "Íñigo", Surnames = "Muñoz Güell", Company = "Talleres Sur, S. L.",
                AddressLine1 = "Av. de la Estación 12", AddressLine2 = "", PostalCode = "15002", City = "A Coruña",
                CountryCode = "ES", VatNumber = "B12345678",
            },
            Customer = new SequraCustomer
            {
                Title = "mr", GivenNames = "Íñigo", Surnames = "Muñoz Güell", Email = "inigo.munoz@example.es",
                Nin = "23232323T", NinControl = "IDESP", DateOfBirth = "1980-01-20", Ref = "C-1001",
                LoggedIn = SequraLoggedIn.Yes, LanguageCode = "es-ES", IpNumber = "127.0.0.1", UserAgent = null,
                CreatedAt = "2019-05-02T10:00:00+02:00", Rating = 80,
                PreviousOrders = new List<SequraPreviousOrder>
                {
                    new SequraPreviousOrder
                    {
                        CreatedAt = "2026-03-01T12:00:00+01:00", Amount = 3990, Currency = "EUR", Status = "shipped",
                        RawStatus = "entregado", PaymentMethod = "CC", CountryCode = "ES",
                    },
                },
            },
            Gui = new SequraGui { Layout = SequraLayout.Desktop },
            Platform = new SequraPlatform
            {
                Name = "TPV Norte", Version = "7.2", Uname = "Windows 7", DbName = "dBase", DbVersion = "IV",
                PluginVersion = "1.0",
            },
        };
    }

    public static void Main(string[] words)
    {
        Console.OutputEncoding = new System.Text.UTF8Encoding(false);
        SequraOrderContent order = Large();
        Console.WriteLine(order.ToJson());
        // What seQura has newly, and this assembly does not know.
        order.Cart.OtherFields["its_name"] = new[] { 1 };
        var bag = new SequraHandling { Reference = "ENV-02", Name = "Bolsa", TotalWithTax = 0 };
        bag.OtherFields["its_name"] = null;
        order.Cart.Items.Add(bag);
        using (SequraClient till = SequraClient.OpenFile(words[0]))
        {
            till.CheckOrder(order.ToJson());
            string url = till.StartSolicitation(order.ToJson()).Order.Url;
            till.SendForm(url, "pp3");
            SequraPendingData waiting = till.Pending().PendingData;
            SequraUnfinishedOrder first = waiting.Orders[0];
            Console.WriteLine(first.Missing + " " + first.Amount + " " + (waiting.AtRisk.Count == 0 ? "{}" : "more"));
            Console.ReadLine();
            SequraResult sold = till.Confirm(url, order.ToJson());
            var update = new SequraOrderContent { DeliveryAddress = order.InvoiceAddress };
            SequraAmounts amounts = till.UpdateOrder("T3-000123", update.ToJson()).ChangeData.Amounts;
            IList<SequraSelfTestRow> tests = till.SelfTest().SelfTestData.Tests;
            Console.WriteLine((sold.Order.State == SequraState.Settled) + " " + amounts.Approved + " " + tests[0].Name);
            Console.WriteLine(till.OrderInfo(url).Get("/data/unshipped_cart"));
        }
    }
}
