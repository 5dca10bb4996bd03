import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sequrapos.Data;
import org.sequrapos.InvalidCallException;
import org.sequrapos.Orders;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;

/** Orders and results with types. */
final class Types extends Test {

    public void aPartIsItsJson() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", Arrays.asList(1, -2L, true, null, new Orders.Gui()));
        map.put("b", Arrays.asList());
        String json = new Orders.Order()
                .gui(new Orders.Gui().layout(Orders.Layout.MOBILE))
                .customer(new Orders.Customer().email("a\"\\\u0001ñ\ud83d\ude00").loggedIn(Orders.LoggedIn.UNKNOWN))
                .trackings(new Orders.PickupPoint().reference(7), new Orders.Postal().reference("7"))
                .merchant(null)
                .otherField("its_name", map)
                .toJson();
        same("{\"gui\":{\"layout\":\"mobile\"},\"customer\":{\"email\":\"a\\\"\\\\\\u0001ñ\ud83d\ude00\","
                + "\"logged_in\":\"unknown\",\"user_agent\":null},\"trackings\":[{\"type\":\"pickup_point\",\"reference\":7},"
                + "{\"type\":\"postal\",\"reference\":\"7\"}],\"its_name\":{\"a\":[1,-2,true,null,{}],\"b\":[]}}", json);
        // A log is no place for a shopper.
        same("Customer", new Orders.Customer().email("a@example.es").toString());
    }

    public void whatIsGivenBesideWins() {
        same("{\"gift\":false}", new Orders.Cart().gift(true).otherField("gift", false).toJson());
        same("{\"user_agent\":\"x\"}", new Orders.Customer().otherField("user_agent", "x").toJson());
    }

    public void anAmountIsNoFraction() {
        for (Object wrong : Arrays.asList(1.5, 1.0f, 'x', new Object())) {
            thrown(IllegalArgumentException.class, () -> new Orders.Cart().otherField("its_name", wrong).toJson());
        }
    }

    public void whatHoldsItselfIsRefused() {
        Orders.Order order = new Orders.Order();
        order.otherField("its_name", Arrays.asList(order));
        thrown(IllegalArgumentException.class, order::toJson);
    }

    public void resultsAreRead() throws Exception {
        try (SequraClient till = SequraClient.open(config("\"language\": \"en\""))) {
            Data.ClientOpenData opened = Data.ClientOpenData.of(till.getOpened());
            same("simulator", opened.getMode());
            same(0L, opened.getJournal().getPending());
            same(null, opened.getJournal().getPath());
            String order = order(till, null);
            Result started = till.startSolicitation(order);
            String url = started.getOrder().getUrl();
            same(null, Data.PendingData.of(started));
            Data.PendingData pending = Data.PendingData.of(till.pending());
            same("form", pending.getOrders().get(0).getMissing());
            same("{}", pending.getAtRisk().toString());
            till.sendForm(url, "pp3");
            approve(started.getOrder().getUuid());
            till.confirm(url, order);
            pending = Data.PendingData.of(till.pending());
            same("{EUR={shop_es=6000}}", pending.getAtRisk().toString());
            till.setOrderRef(url, "TYPES-J");
            Data.OrderInfoData info = Data.OrderInfoData.of(till.orderInfo("TYPES-J"));
            same(6000L, info.getAmounts().getOwed());
            same("pp3", info.getPaymentMethod().getProduct());
            claim(info.getRefusal() == null && info.getHandedOver() == null && !info.getNeedsReview(), "nothing is wrong");
            same(204L, info.getHistory().get(0).getHttp().getStatus());
            same("shipped", Data.ChangeData.of(till.ship("TYPES-J")).getAmounts().getDelivery());
            Data.RefundData preview = Data.RefundData.of(till.refund("TYPES-J", "{\"amount\": 500, \"preview\": true}"));
            same(500L, preview.getGivenBack());
            same(5500L, preview.getShippedCart().getOrderTotalWithTax());
            InvalidCallException failed = thrown(InvalidCallException.class, () -> till.orderInfo("TYPES-K"));
            same(null, Data.OrderInfoData.of(failed.getResult()));
        }
    }
}
