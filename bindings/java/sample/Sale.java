import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import org.sequrapos.DuplicateOrderRefException;
import org.sequrapos.ErrorCode;
import org.sequrapos.NoAnswerException;
import org.sequrapos.Order;
import org.sequrapos.RefusedException;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;
import org.sequrapos.State;
import org.sequrapos.Status;

/**
 * A sale paid with seQura, as a till without an address of its own sells: seQura cannot call it, so
 * the operator says when the shopper has been approved (the manual IPN workflow).
 *
 * <pre>
 * start ---&gt; form ---&gt; the operator: approved? ---&gt; confirm ---&gt; book ---&gt; reference ---&gt; receipt
 *                                                      1           2           3
 * </pre>
 *
 * <p>1, 2 and 3 are seQura's own numbers. Two rules carry the whole of it: the sale is completed in
 * the till's book only after the confirmation was done; the goods go only when the order's state is
 * "settled": confirmed, and its reference registered.
 *
 * <p>Whatever happens in between, a power cut included, the order's URL is in the book and the order
 * is in the library's journal. From these two the till goes on when it is started again, see {@link
 * Recovery}; and a sale can be taken up again at any of its steps by hand.
 */
final class Sale {

    private final SequraClient client;
    private final Screen screen;
    private final Book book;
    private final Path orderFile;
    private final String product;
    private final boolean refFirst;
    private final boolean asks;
    private String url;
    private String ticket;

    Sale(SequraClient client, Screen screen, Book book, CommandLine command) throws IOException {
        this.client = client;
        this.screen = screen;
        this.book = book;
        orderFile = command.order;
        product = command.product;
        refFirst = command.refFirst;
        asks = command.asks;
        // A sale that is taken up again has its URL and ticket number from the book. What the command
        // line says goes before it, and a sale that the book does not know can still be finished.
        String named = command.entry.takesUpASale() ? command.name : null;
        Book.Sale known = named == null ? null : book.find(named);
        url = known == null ? named : known.url;
        ticket = command.ticket == null && known != null ? known.ticket : command.ticket;
    }

    /** A sale of the book, alone: the operator has another shopper to serve. */
    Sale(Sale till, Book.Sale known) {
        client = till.client;
        screen = till.screen;
        book = till.book;
        orderFile = null;
        product = till.product;
        refFirst = false;
        asks = false;
        url = known.url;
        ticket = known.ticket;
    }

    String url() {
        return url;
    }

    // ---- the steps: each goes on with those that come after it

    Exit start() throws IOException {
        if (ticket == null) {
            ticket = newTicket();
        }
        Result started;
        try {
            started = client.startSolicitation(order());
        } catch (SequraException error) {
            return failed("start", error);
        }
        screen.show("start", started);
        // Before anything reaches the shopper, the till knows where the order is.
        record("started", started.getOrder());
        return sendForm();
    }

    /** The link to seQura's form goes to the shopper's mobile. The shopper fills it in, never the staff. */
    Exit sendForm() throws IOException {
        try {
            screen.show("form", client.sendForm(url, product));
        } catch (SequraException error) {
            Exit exit = failed("form", error);
            if (exit == Exit.NO_ANSWER || error.getStatus() == Status.RATE_LIMITED) {
                screen.sayHowToGoOn(url, "--form");
            }
            return exit;
        }
        if (isApproved()) {
            return confirm();
        }
        screen.say("", "The sale is left open; nothing is sold. When the shopper leaves: --abandon instead.");
        screen.sayHowToGoOn(url, "--confirm");
        return Exit.WAITING;
    }

    /**
     * Step 1 of the manual: the whole order once more, as it is at this moment, for seQura to say
     * whether it is still the one that was approved. Taken up by hand without an order file, the
     * order is what it was when it was last sent.
     */
    Exit confirm() throws IOException {
        while (true) {
            Result confirmed;
            try {
                confirmed = client.confirm(url, order());
            } catch (DuplicateOrderRefException taken) {
                screen.show("confirm", taken);
                if (refFirst && chooseAnotherTicket()) {
                    continue;
                }
                sayAnotherNumber();
                return Exit.REFUSED;
            } catch (RefusedException refused) {
                screen.show("confirm", refused);
                if (!ErrorCode.NOT_APPROVED.equals(refused.getCode())) {
                    return notSold(refused.getOrder());
                }
                if (asks && isApproved()) {
                    continue;
                }
                screen.sayHowToGoOn(url, "--confirm");
                return Exit.WAITING;
            } catch (NoAnswerException unknown) {
                screen.show("confirm", unknown);
                screen.say("", "Nothing is completed and nothing is off: keep the goods, take no other payment.");
                screen.sayRecover();
                return Exit.NO_ANSWER;
            } catch (SequraException error) {
                return failed("confirm", error);
            }
            screen.show("confirm", confirmed);
            return complete(confirmed.getOrder());
        }
    }

    private Exit notSold(Order order) throws IOException {
        screen.say("", "Nothing is completed and no ticket number is sent: this sale does not take place.");
        if (order != null && State.CONFLICTED.equals(order.getState()) && ticket != null) {
            record("refused", order);
        }
        return Exit.REFUSED;
    }

    /** Only now is the sale completed in the till's book: step 2 of the manual. */
    Exit complete(Order order) throws IOException {
        adoptTicket(order);
        if (ticket == null) {
            ticket = newTicket();
        }
        record("completed", order);
        return register(order);
    }

    /** What comes after that; the order is confirmed, or settled. */
    Exit register(Order order) throws IOException {
        return State.SETTLED.equals(order.getState()) ? settled(order) : setReference();
    }

    /** Step 3 of the manual: seQura learns the ticket number. Without it, it never pays the shop. */
    Exit setReference() throws IOException {
        while (true) {
            try {
                Result registered = client.setOrderRef(url, ticket);
                screen.show("reference", registered);
                return settled(registered.getOrder());
            } catch (SequraException error) {
                Exit exit = failed("reference", error);
                boolean taken = error instanceof DuplicateOrderRefException;
                if (taken && chooseAnotherTicket()) {
                    continue;
                }
                if (!isUnpaid(error.getOrder())) {
                    return exit;
                }
                screen.say("", "The sale stands and seQura has no ticket number for it: keep the goods until it has.");
                if (taken) {
                    screen.sayHowToGoOn(url, "--set-ref", "ANOTHER-NUMBER");
                } else {
                    screen.sayRecover();
                }
                return Exit.NO_REFERENCE;
            }
        }
    }

    private static boolean isUnpaid(Order order) {
        return order != null && Arrays.asList(State.CONFIRMED, State.REFERENCING, State.REF_CONFLICTED)
                .contains(order.getState());
    }

    /** seQura has the ticket number: the end of the sale. */
    private Exit settled(Order order) throws IOException {
        adoptTicket(order);
        record("registered", order);
        screen.printReceipt(ticket, Screen.price(order.getAmount(), order.getCurrency()), order.getUuid());
        return Exit.DONE;
    }

    /** The shopper left: the till asks nothing of the order any more. */
    Exit abandon() throws IOException {
        try {
            Result abandoned = client.abandon(url);
            screen.show("abandon", abandoned);
            if (ticket != null) {
                record("abandoned", abandoned.getOrder());
            }
            return Exit.DONE;
        } catch (SequraException error) {
            return failed("abandon", error);
        }
    }

    /** Somebody has looked in seQura's portal what became of it: "confirmed", or "not_confirmed". */
    Exit resolve(String outcome, String reason) {
        try {
            screen.show("resolve", client.resolve(url, outcome, reason));
            url = null; // from now on it is a sale like the others of the book
            return Exit.DONE;
        } catch (SequraException error) {
            return failed("resolve", error);
        }
    }

    // ---- what the steps have in common

    /** Writes into the book what the order has come to. */
    void record(String state, Order order) throws IOException {
        if (order.getUrl() != null) {
            url = order.getUrl(); // the operator may have given the bare uuid
        }
        book.add(state, ticket, order.getAmount(), order.getCurrency(), url);
        screen.say("book", ticket + " is now " + state);
    }

    void sayAnotherNumber() {
        screen.sayHowToGoOn(url, "--confirm", "ORDER.json", "--ref-first", "--ref", "ANOTHER-NUMBER");
    }

    private Exit failed(String step, SequraException error) {
        screen.show(step, error);
        return Exit.of(error);
    }

    /** The order as it is at this moment; null without an order file: as it was last sent. */
    private String order() throws IOException {
        return orderFile == null ? null : OrderFile.read(orderFile, refFirst ? ticket : null);
    }

    /** A settled order has the ticket number that seQura has: it may have been settled long ago. */
    private void adoptTicket(Order order) {
        if (State.SETTLED.equals(order.getState()) && order.getOrderRef1() != null) {
            ticket = order.getOrderRef1();
        }
    }

    /** A real till takes the next number of its counter. */
    private static String newTicket() {
        return DateTimeFormatter.ofPattern("'T-'yyyyMMdd-HHmmss").format(LocalDateTime.now());
    }

    /** The shopper says "approved". */
    private boolean isApproved() throws IOException {
        if (!asks) {
            return true; // --yes
        }
        String answer = screen.ask("does the shopper's phone say approved? [Enter = yes, n = no]");
        return answer != null && !answer.toLowerCase().startsWith("n");
    }

    /** Has the operator choose another ticket number; false if nobody does. */
    private boolean chooseAnotherTicket() throws IOException {
        while (asks) {
            String answer = screen.ask("another ticket number for this sale:");
            if (answer == null) {
                return false;
            }
            if (CommandLine.isTicket(answer)) {
                ticket = answer;
                return true;
            }
        }
        return false;
    }
}
