import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import org.sequrapos.Data;
import org.sequrapos.Next;
import org.sequrapos.Problem;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;
import org.sequrapos.State;

/**
 * FirstSale CONFIG ORDER.json TICKET: what an earlier run was killed in, and then one sale, from the
 * solicitation to the reference. Run again with the same ticket number, it goes on where it stopped.
 */
final class FirstSale {

    /**
     * A line for each sale, its order's URL and its ticket number: a real till has a table for this.
     * The last line of a ticket number is the one that counts.
     */
    private static final Path BOOK = Paths.get("sales.txt");

    private final SequraClient till;

    private FirstSale(SequraClient till) {
        this.till = till;
    }

    public static void main(String[] words) throws IOException {
        if (words.length != 3) {
            System.err.println("usage: FirstSale CONFIG ORDER.json TICKET");
            System.exit(1);
        }
        boolean sold = false;
        try (SequraClient client = SequraClient.openFile(words[0])) {
            FirstSale sale = new FirstSale(client);
            sale.recover();
            sold = sale.sell(new String(Files.readAllBytes(Paths.get(words[1])), StandardCharsets.UTF_8), words[2]);
        } catch (SequraException error) {                         // not sold, or not yet: keep the goods
            show(error);
        }
        System.exit(sold ? 0 : 1);
    }

    private boolean sell(String order, String ticket) throws SequraException, IOException {
        String url = findInBook(ticket, 1);
        Result stands = url == null ? null : till.recover(url);
        if (url != null && Next.RESTART_CHECKOUT.equals(stands.getNext())) {
            till.abandon(url);                                    // seQura has said no to that basket
            url = null;
        }
        if (url == null) {
            stands = till.startSolicitation(order);
            url = stands.getOrder().getUrl();
            writeIntoBook(url, ticket);                           // before anything reaches the shopper
        }
        if (Next.SEND_FORM.equals(stands.getNext())) {
            stands = till.sendForm(url, "pp3");                   // an SMS to the shopper
        }
        if (Next.CONFIRM.equals(stands.getNext())) {
            System.out.println("Approved on the shopper's phone? Then press Enter.");
            if (new BufferedReader(new InputStreamReader(System.in)).readLine() == null) {
                return false;                                     // left open: run it again
            }
            stands = till.confirm(url, order);                    // the order as it is now
        }
        if (isSold(stands.getOrder().getState())) {
            stands = complete(stands, ticket);
        }
        System.out.println(stands.getOperatorMessage());
        return State.SETTLED.equals(stands.getOrder().getState()); // only now hand over the goods
    }

    /** seQura has confirmed the order: the sale is completed, and seQura is told its ticket number. */
    private Result complete(Result confirmed, String ticket) throws SequraException {
        System.out.println(ticket + " is completed in the till's own books.");
        return Next.SET_ORDER_REF.equals(confirmed.getNext())
                ? till.setOrderRef(confirmed.getOrder().getUrl(), ticket) : confirmed;
    }

    private static boolean isSold(String state) {
        return State.CONFIRMED.equals(state) || State.SETTLED.equals(state);
    }

    /** Where seQura is out of reach, the rest keeps, and stops no other sale. */
    private void recover() throws SequraException, IOException {
        Result recovered;
        try {
            recovered = till.recover();
        } catch (SequraException error) {
            show(error);
            recovered = error.getResult();
        }
        Data.RecoverData tried = Data.RecoverData.of(recovered);
        for (Data.RecoveredOrder order : tried == null ? Collections.<Data.RecoveredOrder>emptyList() : tried.getOrders()) {
            finish(order);
        }
        for (Data.UnfinishedOrder order : Data.PendingData.of(till.pending()).getOrders()) {
            say(order.getUrl(), order.getState(), order.getNext()); // now for somebody
        }
    }

    /** Says what became of an order that had no answer, and finishes it where nobody has to be asked. */
    private void finish(Data.RecoveredOrder order) throws IOException {
        String url = order.getUrl();
        String was = order.getWas();
        String now = order.getNow();
        String ticket = findInBook(url, 0);
        say(url, was + ", now " + now, order.getNext());
        for (Problem problem : order.getErrors()) {
            System.err.println(problem);
        }
        try {
            if (ticket != null && isSold(now)) {
                System.out.println(complete(till.recover(url), ticket).getOperatorMessage());
            } else if (ticket == null && State.SOLICITING.equals(was) && State.SOLICITED.equals(now)) {
                till.abandon(url);                                // nobody has its form: the basket is sold anew
            }
        } catch (SequraException error) {
            show(error);
        }
    }

    private static void say(String url, String state, String next) throws IOException {
        String ticket = findInBook(url, 0);
        System.out.println((ticket != null ? ticket : url != null ? url : "an order without its URL") + ": " + state
                + "; next: " + next);
    }

    /** Every problem, with its place in the order or in the configuration. */
    private static void show(SequraException error) {
        System.out.println(error.getOperatorMessage());
        System.err.println(error.getStatusName());
        for (Problem problem : error.getErrors()) {
            System.err.println(problem);
        }
    }

    private static void writeIntoBook(String url, String ticket) throws IOException {
        Files.write(BOOK, Collections.singletonList(url + " " + ticket), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The other word of the line that has this one at its place, 0 or 1; null where there is none. */
    private static String findInBook(String wanted, int place) throws IOException {
        String found = null;
        for (String line : Files.exists(BOOK) ? Files.readAllLines(BOOK) : Collections.<String>emptyList()) {
            String[] words = line.split(" ", 2);
            found = words.length == 2 && words[place].equals(wanted) ? words[1 - place] : found;
        }
        return found;
    }
}
