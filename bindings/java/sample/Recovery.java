import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sequrapos.Next;
import org.sequrapos.Order;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;
import org.sequrapos.State;
import org.sequrapos.Status;

/**
 * What a till does first when it is started: it goes on with what it was killed in, or got no answer
 * to, and writes into its book what came of it. It asks the operator nothing; where the operator has
 * to act, it says how.
 *
 * <p>The library's journal knows what seQura was asked, and recovery asks again what has no answer.
 * The book knows what the shop has sold, and under which ticket number. Here the book is brought to
 * where the order is, with the same steps as in a sale that nothing went wrong in.
 */
final class Recovery {

    private final SequraClient client;
    private final Screen screen;
    private final Book book;
    private final AfterSale afterSale;
    /** The sale that the program was started for; its order is left to it. */
    private final Sale started;

    Recovery(SequraClient client, Screen screen, Book book, Sale started) {
        this.client = client;
        this.screen = screen;
        this.book = book;
        this.started = started;
        afterSale = new AfterSale(client, screen, book);
    }

    Exit run() throws IOException {
        Exit exit = Exit.DONE;
        List<ListedOrder> recovered = Collections.emptyList();
        // A till with nothing unfinished is not slowed down.
        if (client.getOpened().number("/data/journal/pending") > 0) {
            try {
                recovered = ListedOrder.of(client.recover());
            } catch (SequraException error) {
                screen.show("recover", error);
                exit = Exit.of(error);
                if (error.getResult() != null) {
                    recovered = ListedOrder.of(error.getResult()); // the others are settled all the same
                }
            }
        }
        Map<String, ListedOrder> byUrl = new HashMap<>();
        for (ListedOrder order : recovered) {
            show(order);
            byUrl.put(order.url, order);
        }
        // The book too: the till may have been killed when the journal was done and the book was not.
        for (Book.Sale known : book.sales()) {
            if (known.isOpen() && !known.url.equals(started.url())) {
                Exit finished = bringUpToDate(new Sale(started, known), known, byUrl.get(known.url));
                exit = exit == Exit.DONE ? finished : exit;
            }
        }
        return exit;
    }

    /** Says what the order was and is, if it changed, or somebody has to do something for it. */
    private void show(ListedOrder order) throws IOException {
        boolean changed = !order.now.equals(order.was);
        boolean named = started.url() != null
                && (started.url().equals(order.url) || started.url().equals(order.uuid));
        Book.Sale known = order.url == null ? null : book.find(order.url);
        boolean changing = known != null && known.isChanging();
        boolean finished = order.next.equals(Next.NONE);
        // What came of a change is said when the book is brought up to date.
        if ((!changed && (named || finished)) || (changing && finished)) {
            return;
        }
        String words = changed ? order.was + ", now " + order.now : "still " + (changing ? "changing" : order.now);
        screen.say("recover", known == null ? order.line() + " " + words : known.line(words));
        if (known == null && !named && order.url != null) {
            seeToStranger(order);
        }
    }

    /**
     * An order that the book does not have. One whose start has just been answered is nobody's: its
     * form was never sent, and its basket is sold as a new order. Any other is for the operator.
     */
    private void seeToStranger(ListedOrder order) {
        if (order.was.equals(State.SOLICITING) && "SQ_OK".equals(order.status)) {
            try {
                client.abandon(order.url);
                screen.say("", "Nobody has its form: it is given up, and the basket is sold as a new order.");
                return;
            } catch (SequraException error) {
                screen.show("abandon", error);
            }
        }
        sayWhatIsDue(order.url, order.next);
    }

    /** Writes into the book what has become of the sale, and finishes it where seQura has confirmed it. */
    private Exit bringUpToDate(Sale sale, Book.Sale known, ListedOrder listed) throws IOException {
        if (listed != null && listed.next.equals(Next.RECOVER)) {
            return Exit.DONE; // still no answer: it has just been tried
        }
        Result result;
        try {
            // By its name, for the whole order. Nothing of it waits for an answer now, so nothing is sent.
            result = client.recover(known.url);
        } catch (SequraException error) {
            if (error.getStatus() == Status.UNKNOWN_ORDER) {
                screen.say("recover", known.line("is not in this journal"));
                return Exit.DONE;
            }
            screen.show("recover", error);
            return Exit.of(error);
        }
        Order order = result.getOrder();
        if (known.isChanging()) {
            screen.say("recover", known.line("was being changed"));
            if (listed != null && !"SQ_OK".equals(listed.status)) {
                sayWhy(order);
            }
            return afterSale.record(known.url);
        }
        switch (order.getState()) {
            case State.SETTLED:
                screen.showOperatorMessage(result);
                return finish(sale, known, order);
            case State.CONFIRMED:
                return finish(sale, known, order);
            case State.REF_CONFLICTED:
                // The order is confirmed, and its ticket number is another sale's.
                screen.showOperatorMessage(result);
                if (known.isStarted()) {
                    sale.record("completed", order);
                }
                sayWhatIsDue(known.url, Next.CHOOSE_ANOTHER_REF);
                return Exit.NO_REFERENCE;
            case State.ABANDONED:
            case State.CANCELLED:
                sale.record(order.getState(), order);
                return Exit.DONE;
            default:
                break;
        }
        if (listed != null && "SQ_DUPLICATE_ORDER_REF".equals(listed.status)) {
            sale.sayAnotherNumber();
        } else if (listed != null && "SQ_CONFLICT".equals(listed.status)) {
            // seQura has said no to what the till had no answer to.
            sayWhy(order);
            screen.showOperatorMessage(result);
            sale.record("refused", order);
        } else {
            screen.say("waiting", known.line(order.getState()));
            sayWhatIsDue(known.url, result.getNext());
        }
        return Exit.DONE;
    }

    private static Exit finish(Sale sale, Book.Sale known, Order order) throws IOException {
        return known.isStarted() ? sale.complete(order) : sale.register(order);
    }

    /** seQura's own words on what it refused: the library's log has them. */
    private void sayWhy(Order order) {
        try {
            Result log = client.log("{\"limit\":1,\"order\":\"" + order.getUuid() + "\"}");
            String words = log.text("/data/entries/0/description");
            if (words != null) {
                screen.say("", words);
            }
        } catch (SequraException error) {
            screen.show("log", error);
        }
    }

    /** What the operator has to do for the order. */
    private void sayWhatIsDue(String url, String next) {
        switch (next) {
            case Next.SEND_FORM:
                screen.sayHowToGoOn(url, "--form");
                break;
            case Next.CONFIRM:
            case Next.FIX_ORDER:
                screen.sayHowToGoOn(url, "--confirm");
                break;
            case Next.SET_ORDER_REF:
                screen.sayHowToGoOn(url, "--set-ref", "NUMBER");
                break;
            case Next.CHOOSE_ANOTHER_REF:
                screen.sayHowToGoOn(url, "--set-ref", "ANOTHER-NUMBER");
                break;
            default:
                break;
        }
    }
}
