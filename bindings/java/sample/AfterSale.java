import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sequrapos.Next;
import org.sequrapos.Order;
import org.sequrapos.OrderBuilder;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;
import org.sequrapos.State;

/**
 * After the sale: goods go out, come back, are not wanted any more. seQura is always told the complete
 * present state of the order; the library computes it from its journal.
 *
 * <pre>
 * book: changing ---&gt; the call ---&gt; what does the library's journal say? ---&gt; book
 * </pre>
 *
 * <p>The book is written before the change is asked for and after it, as the library does it in its
 * journal. A till that dies in between finds "changing" in its book when it is started again, and does
 * the last two steps: it needs not know how far it had come.
 *
 * <p>A sale is named by its ticket number; the order's URL or uuid will do. An item is
 * "REFERENCE=QUANTITY", or "REFERENCE" for all that is left of it; no items: everything.
 */
final class AfterSale {

    private final SequraClient client;
    private final Screen screen;
    private final Book book;

    AfterSale(SequraClient client, Screen screen, Book book) {
        this.client = client;
        this.screen = screen;
        this.book = book;
    }

    Exit ship(String sale, List<String> items) throws IOException {
        String asked = items.isEmpty() ? null : json("/items", builder -> add(items, builder));
        return change("ship", sale, name -> client.ship(name, asked));
    }

    Exit refund(String sale, List<String> items) throws IOException {
        String asked = items.isEmpty() ? null : json("", builder -> add(items, builder));
        return change("refund", sale, name -> client.refund(name, asked));
    }

    /** So many cents are paid back, and the goods stay with the shopper. */
    Exit refund(String sale, long cents, String reason) throws IOException {
        String asked = json("", builder -> {
            builder.set("/amount", cents);
            if (reason != null) {
                builder.set("/reason", reason);
            }
        });
        return change("refund", sale, name -> client.refund(name, asked));
    }

    Exit cancel(String sale, String reason) throws IOException {
        return change("cancel", sale, name -> client.cancel(name, reason));
    }

    Exit update(String sale, Path file) throws IOException {
        String asked = OrderFile.read(file);
        return change("update", sale, name -> client.updateOrder(name, asked));
    }

    /** Is it an item? */
    static boolean isItem(String word) {
        int equals = word.lastIndexOf('=');
        return !word.isEmpty() && (equals < 0 || (equals > 0 && CommandLine.isNumber(word.substring(equals + 1))));
    }

    // ---- what is asked for, as JSON: the builder of orders writes any

    private interface Content {
        void into(OrderBuilder builder) throws SequraException;
    }

    private String json(String pointer, Content content) throws IOException {
        try (OrderBuilder builder = new OrderBuilder(client)) {
            content.into(builder);
            return builder.toJson(pointer);
        } catch (SequraException error) {
            throw new IOException("what is asked for cannot be written: " + error.getMessage(), error);
        }
    }

    /** {"items":[{"reference":...,"quantity":...}, ...]}. */
    private static void add(List<String> items, OrderBuilder builder) throws SequraException {
        for (int at = 0; at < items.size(); at++) {
            String item = items.get(at);
            int equals = item.lastIndexOf('=');
            builder.set("/items/" + at + "/reference", equals < 0 ? item : item.substring(0, equals));
            if (equals >= 0) {
                builder.set("/items/" + at + "/quantity", Long.parseLong(item.substring(equals + 1)));
            }
        }
    }

    // ---- changing it

    private interface Change {
        Result of(String sale) throws SequraException;
    }

    private Exit change(String label, String sale, Change change) throws IOException {
        // Only a settled order can be changed. Of any other, the call itself says why not.
        Order settled = settled(sale);
        if (settled != null) {
            write("changing", settled);
        }
        try {
            Result changed = change.of(settled == null ? sale : settled.getUrl());
            screen.show(label, changed);
            return record(changed.getOrder().getUrl());
        } catch (SequraException error) {
            screen.show(label, error);
            if (settled != null) {
                record(settled.getUrl());
            }
            return Exit.of(error);
        }
    }

    private Order settled(String sale) {
        try {
            Order order = client.orderInfo(sale).getOrder();
            return State.SETTLED.equals(order.getState()) ? order : null;
        } catch (SequraException unknown) {
            return null;
        }
    }

    private void write(String state, Order order) throws IOException {
        book.add(state, order.getOrderRef1(), order.getAmount(), order.getCurrency(), order.getUrl());
        screen.say("book", order.getOrderRef1() + " is now " + state);
    }

    /**
     * Writes into the book what has become of the sale, by the library's journal. While a change of
     * it has no answer, says so and leaves the book alone.
     */
    Exit record(String url) throws IOException {
        Result info;
        try {
            info = client.orderInfo(url);
        } catch (SequraException error) {
            screen.show("info", error);
            return Exit.of(error);
        }
        if (info.getNext().equals(Next.RECOVER)) {
            screen.say("to go on",
                    "till CONFIG --recover; or the same change again; or the next one, which takes it along");
            return Exit.NO_ANSWER;
        }
        showTotals(info);
        write(stateOf(info), info.getOrder());
        return Exit.DONE;
    }

    /** In the words of the book. */
    private static String stateOf(Result info) {
        if (State.CANCELLED.equals(info.getOrder().getState())) {
            return "cancelled";
        }
        String delivery = info.text("/data/amounts/delivery");
        if (delivery.equals("unshipped")) {
            return "registered";
        }
        boolean refunded = info.number("/data/amounts/refunded") > 0;
        return delivery.equals("shipped") && refunded ? "partly_refunded" : delivery;
    }

    // ---- where it stands

    /** With its carts and what happened to it. Nothing is sent for this. */
    Exit info(String sale) {
        Result info;
        try {
            info = client.orderInfo(sale);
        } catch (SequraException error) {
            screen.show("info", error);
            return Exit.of(error);
        }
        screen.show("info", info);
        Order order = info.getOrder();
        String form = info.text("/data/payment_method/product");
        screen.say("sale", (order.getOrderRef1() == null ? order.getUuid() : order.getOrderRef1())
                + (form == null ? "" : ", form " + form)
                + (order.getPortalUrl() == null ? "" : ", " + order.getPortalUrl()));
        Long paid = info.number("/data/amounts/paid");
        if (paid != null) { // once it is confirmed
            showTotals(info);
            showCart(info, "unshipped", "/data/unshipped_cart/items");
            showCart(info, "shipped", "/data/shipped_cart/items");
            screen.say("paid out", Screen.price(paid, order.getCurrency()));
        }
        for (int at = 0; at < info.size("/data/history"); at++) {
            String entry = "/data/history/" + at;
            screen.say(at == 0 ? "history" : "", info.text(entry + "/at") + " " + Records.line(info, entry));
        }
        return Exit.DONE;
    }

    /** The totals of both carts, and what the shopper owes of what was sold. */
    private void showTotals(Result info) {
        String amounts = "/data/amounts/";
        screen.say("carts", "unshipped " + Screen.money(info.number(amounts + "unshipped"))
                + ", shipped " + Screen.money(info.number(amounts + "shipped"))
                + "; owed " + Screen.money(info.number(amounts + "owed"))
                + " of " + Screen.price(info.number(amounts + "approved"), info.getOrder().getCurrency()));
    }

    /** What is in a cart: "1 BIC-20 349,00; ENV-01 12,90". */
    private void showCart(Result info, String label, String items) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < info.size(items); at++) {
            String item = items + "/" + at;
            Long quantity = info.number(item + "/quantity");
            String reference = info.text(item + "/reference");
            lines.add((quantity == null ? "" : quantity + " ")
                    + (reference == null ? info.text(item + "/type") : reference) // fees may have none
                    + " " + Screen.money(info.number(item + "/total_with_tax")));
        }
        screen.say(label, lines.isEmpty() ? "nothing" : String.join("; ", lines));
    }
}
