import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.List;
import org.sequrapos.Data;
import org.sequrapos.Orders;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.State;

/** Typed CONFIG: docs/orders/large.json written with the package's types, and sold. */
final class Typed {

    private static Orders.Address invoiceAddress() {
        return new Orders.Address().givenNames("Íñigo").surnames("Muñoz Güell").company("Talleres Sur, S. L.")
                .addressLine1("Av. de la Estación 12").addressLine2("").postalCode("15002").city("A Coruña")
                .countryCode("ES").vatNumber("B12345678");
    }

    private static Orders.Order large(Orders.Cart cart) {
        return new Orders.Order()
                .merchant(new Orders.Merchant().id("shop_es").storeRef("madrid-3").operatorRef("ana")
                        .options(new Orders.Options().immutableCustomerData(true)))
                .merchantReference(new Orders.MerchantReference().orderRef1("T3-000123").orderRef2("F-2026-77"))
                .cart(cart)
                .deliveryMethod(new Orders.DeliveryMethod().name("Envío a domicilio").days("2").provider("Correos")
                        .homeDelivery(true))
                .deliveryAddress(new Orders.Address().givenNames("Íñigo").surnames("Muñoz Güell").company("")
                        .addressLine1("C/ de la Concepción 3").addressLine2("1º").postalCode("15001").city("A Coruña")
                        .state("A Coruña").countryCode("ES").mobilePhone("612345678").extra("Portal B"))
                .invoiceAddress(invoiceAddress())
                .customer(new Orders.Customer().title("mr").givenNames("Íñigo").surnames("Muñoz Güell")
                        .email("inigo.munoz@example.es").nin("23232323T").ninControl("IDESP").dateOfBirth("1980-01-20")
                        .ref("C-1001").loggedIn(Orders.LoggedIn.YES).languageCode("es-ES").ipNumber("127.0.0.1")
                        .createdAt("2019-05-02T10:00:00+02:00").rating(80)
                        .previousOrders(new Orders.PreviousOrder().createdAt("2026-03-01T12:00:00+01:00").amount(3990)
                                .currency("EUR").status("shipped").rawStatus("entregado").paymentMethod("CC")
                                .countryCode("ES")))
                .gui(new Orders.Gui().layout(Orders.Layout.DESKTOP))
                .platform(new Orders.Platform().name("TPV Norte").version("7.2").uname("Windows 7").dbName("dBase")
                        .dbVersion("IV").pluginVersion("1.0"));
    }

    private static Orders.Item<?>[] items(Orders.Handling... more) {
        Orders.Item<?>[] items = {
            new Orders.Product().reference("BIC-20").name("Bicicleta plegable Ñandú 20\"").quantity(1)
                    .priceWithTax(34900).totalWithTax(34900).downloadable(false).category("Bicicletas")
                    .manufacturer("Ñandú, S. A.").productId(4711).restockable(true),
            new Orders.Product().reference("GRA-7").name("Gravilla a granel 2,345 kg").quantity(1).priceWithTax(1000)
                    .totalWithTax(1000).downloadable(false),
            new Orders.Service().reference("GAR-2").name("Garantía ampliada, dos años").quantity(1).priceWithTax(14500)
                    .totalWithTax(14500).downloadable(false).endsIn("P2Y"),
            new Orders.Handling().reference("ENV-01").name("Envío a domicilio").totalWithTax(1290),
            new Orders.Discount().reference("REB-11").name("Rebaja de otoño").totalWithTax(-2000),
            new Orders.OtherPayment().reference("EFE-01").name("Pagado en efectivo").totalWithTax(-5000),
        };
        Orders.Item<?>[] all = java.util.Arrays.copyOf(items, items.length + more.length);
        System.arraycopy(more, 0, all, items.length, more.length);
        return all;
    }

    public static void main(String[] words) throws Exception {
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        Orders.Cart cart = new Orders.Cart().currency("EUR").gift(true).cartRef("M3-4711")
                .createdAt("2026-11-27T12:25:20+01:00").orderTotalWithTax(44690).items(items());
        String order = large(cart).toJson();
        out.println(order);
        // What seQura has newly, and these classes do not know.
        order = large(cart.otherField("its_name", java.util.Collections.singletonList(1))
                .items(items(new Orders.Handling().reference("ENV-02").name("Bolsa").totalWithTax(0)
                        .otherField("its_name", null)))).toJson();
        try (SequraClient till = SequraClient.openFile(words[0])) {
            till.checkOrder(order);
            String url = till.startSolicitation(order).getOrder().getUrl();
            till.sendForm(url, "pp3");
            Data.PendingData waiting = Data.PendingData.of(till.pending());
            Data.UnfinishedOrder first = waiting.getOrders().get(0);
            out.println(first.getMissing() + " " + first.getAmount() + " " + waiting.getAtRisk());
            new BufferedReader(new InputStreamReader(System.in)).readLine();
            Result sold = till.confirm(url, order);
            String update = new Orders.Order().deliveryAddress(invoiceAddress()).toJson();
            Data.Amounts amounts = Data.ChangeData.of(till.updateOrder("T3-000123", update)).getAmounts();
            List<Data.SelfTestRow> tests = Data.SelfTestData.of(till.selfTest()).getTests();
            out.println((State.SETTLED.equals(sold.getOrder().getState()) ? "True " : "False ") + amounts.getApproved()
                    + " " + tests.get(0).getName());
            out.println(till.orderInfo(url).text("/data/unshipped_cart"));
        }
    }
}
