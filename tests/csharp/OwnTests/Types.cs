using System;
using System.Collections.Generic;
using System.Linq;
using SequraPos;

/// <summary>Orders and results with types.</summary>
internal static class Types
{
    public static void ABlockIsItsJson()
    {
        var order = new SequraOrderContent
        {
            Gui = new SequraGui { Layout = SequraLayout.Mobile },
            Customer = new SequraCustomer { Email = "a\"\\\u0001ñ😀", LoggedIn = SequraLoggedIn.Unknown },
            Trackings = new SequraTracking[] { new SequraPickupPoint { Reference = 7 }, new SequraPostal { Reference = "7" } },
        };
        order.OtherFields["its_name"] = new Dictionary<string, object>
        {
            { "a", new object[] { 1, -2L, true, null, new SequraGui() } }, { "b", new int[0] },
        };
        Check.Equal(
            "{\"gui\":{\"layout\":\"mobile\"},\"customer\":{\"email\":\"a\\\"\\\\\\u0001ñ😀\",\"logged_in\":\"unknown\"," +
            "\"user_agent\":null},\"trackings\":[{\"type\":\"pickup_point\",\"reference\":7},{\"type\":\"postal\"," +
            "\"reference\":\"7\"}],\"its_name\":{\"a\":[1,-2,true,null,{}],\"b\":[]}}",
            order.ToJson());
        Check.Equal(SequraLayout.Mobile, order.Gui.Layout.Value);
        Check.Equal(SequraLoggedIn.Unknown, order.Customer.LoggedIn.Value);
        Check.Equal("7", ((SequraPickupPoint)order.Trackings[0]).Reference.ToString());
        order.Gui.Layout = null;
        Check.That(order.Gui.Layout == null && order.Merchant == null, "null is null");
        Check.Equal("{}", order.Gui.ToJson());
        // A log is no place for a shopper.
        Check.Equal("SequraCustomer", order.Customer.ToString());
    }

    public static void WhatIsGivenBesideWins()
    {
        var cart = new SequraCart { Gift = true };
        cart.OtherFields["gift"] = false;
        var customer = new SequraCustomer();
        customer.OtherFields["user_agent"] = "x";
        Check.Equal("{\"gift\":false}", cart.ToJson());
        Check.Equal("{\"user_agent\":\"x\"}", customer.ToJson());
    }

    public static void AnAmountIsNoFraction()
    {
        var cart = new SequraCart();
        foreach (object wrong in new object[] { 1.5, 1.0f, 1m, 'x', new object() })
        {
            cart.OtherFields["its_name"] = wrong;
            Check.Throws<ArgumentException>(() => cart.ToJson());
        }
    }

    public static void WhatHoldsItselfIsRefused()
    {
        var order = new SequraOrderContent();
        order.OtherFields["its_name"] = new object[] { order };
        Check.Throws<ArgumentException>(() => order.ToJson());
    }

    public static void ResultsAreRead()
    {
        using (SequraClient till = Given.Client())
        {
            Check.Equal("UTF-8", till.Opened.ClientOpenData.TextEncoding);
            Check.Equal(0L, till.Opened.ClientOpenData.Journal.Pending);
            Check.That(till.Opened.ClientOpenData.Journal.Path == null, "in memory");
            SequraResult started = till.StartSolicitation(Given.Order("TYPES-1"));
            Check.That(started.PendingData == null && started.ChangeData == null, "another call's");
            SequraPendingData pending = till.Pending().PendingData;
            Check.Equal("TYPES-1", pending.Orders.Single().OrderRef1);
            Check.Equal("form", pending.Orders[0].Missing);
            Check.Equal(0, pending.AtRisk.Count);
            till.SendForm(started.Order.Url, "pp3");
            Given.Approve(started.Order.Uuid);
            till.Confirm(started.Order.Url);
            SequraOrderInfoData info = till.OrderInfo("TYPES-1").OrderInfoData;
            Check.Equal(38290L, info.Amounts.Owed);
            Check.Equal("pp3", info.PaymentMethod.Product);
            Check.That(info.Refusal == null && info.HandedOver == null && !info.NeedsReview, "nothing is wrong");
            Check.Equal("start_solicitation", info.History[0].Operation);
            Check.Equal("TYPES-1", info.History[0].Order.OrderRef1);
            Check.Equal(204L, info.History[0].Http.Status.Value);
            pending = till.Pending().PendingData;
            Check.Equal(38290L, pending.UnshippedTotal["EUR"]["shop_es"].Value);
            Check.Equal(38290L, pending.Unshipped.Single().Unshipped);
            Check.Equal("shipped", till.Ship("TYPES-1").ChangeData.Amounts.Delivery);
            SequraRefundData preview = till.Refund("TYPES-1", "{\"amount\":500,\"preview\":true}").RefundData;
            Check.Equal(500L, preview.GivenBack.Value);
            Check.That(preview.Preview == true && preview.ShippedCart.OrderTotalWithTax == 37790L, "as it would be");
            Check.That(till.Log().LogData.Entries.Count > 2, "entries");
            SequraException failed = Check.Throws<SequraInvalidCallException>(() => till.OrderInfo("TYPES-2"));
            Check.That(failed.Result.OrderInfoData == null, "no data");
        }
    }

    /// <summary>Compilers that check for null read it by the attribute.</summary>
    public static void WhatMayBeNullSaysSo()
    {
        Func<Type, string, bool> maybe = (type, name) =>
            type.GetProperty(name).GetCustomAttributes(false).Any(one => one.GetType().Name == "MaybeNullAttribute");
        Check.That(maybe(typeof(SequraResult), "Order") && maybe(typeof(SequraResult), "PendingData"), "of a result");
        Check.That(maybe(typeof(SequraOrderInfoData), "Amounts") && maybe(typeof(SequraCart), "Currency"), "may be null");
        Check.That(!maybe(typeof(SequraOrderInfoData), "History") && !maybe(typeof(SequraResult), "Next"), "never null");
    }
}
