import java.io.IOException;
import java.nio.file.Paths;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;

/**
 * A till that sells with seQura: what bindings/c does, in Java.
 *
 * <pre>
 * Till CONFIG ORDER.json [--ref R-100] ...
 * Till CONFIG --ship R-100 ...
 * </pre>
 *
 * <p>This is the program, and what is looked at without a sale; {@link Sale} is the sale, {@link
 * AfterSale} what comes after it, {@link Recovery} what a till does first when it is started, and
 * {@link Records} is for the office and for support.
 */
final class Till {

    private final CommandLine command;
    private final SequraClient client;
    private final Screen screen;
    private final Book book;

    private Till(CommandLine command, SequraClient client, Screen screen) {
        this.command = command;
        this.client = client;
        this.screen = screen;
        book = new Book(command.sales);
    }

    public static void main(String[] words) {
        Exit exit;
        try {
            exit = run(new CommandLine(words), new Screen());
        } catch (CommandLine.Wrong wrong) {
            System.err.println(CommandLine.USAGE);
            exit = Exit.USAGE;
        } catch (IOException error) {
            System.err.println("till: " + error.getMessage());
            exit = Exit.USAGE;
        }
        System.exit(exit.ordinal());
    }

    private static Exit run(CommandLine command, Screen screen) throws IOException {
        try (SequraClient client = SequraClient.openFile(command.config)) {
            screen.showProblems("warning", client.getOpened().getWarnings());
            return new Till(command, client, screen).run();
        } catch (SequraException error) {
            screen.show("open", error);
            return Exit.of(error);
        }
    }

    private Exit run() throws IOException {
        Sale sale = new Sale(client, screen, book, command);
        boolean lists = command.entry == CommandLine.Entry.PENDING || command.entry == CommandLine.Entry.RECOVER;
        Exit exit = Exit.DONE;
        // What was left unfinished comes first. Where it cannot be finished now, it stops no other sale.
        if (command.entry.recovers()) {
            Exit recovered = new Recovery(client, screen, book, sale).run();
            exit = command.entry == CommandLine.Entry.RECOVER ? recovered : exit;
        }
        if (lists || (command.entry.recovers() && !command.quick)) {
            Exit shown = showPending();
            exit = exit == Exit.DONE ? shown : exit;
        }
        if (exit != Exit.DONE) {
            return exit;
        }
        AfterSale afterSale = new AfterSale(client, screen, book);
        Records records = new Records(client, screen);
        switch (command.entry) {
            case PENDING:
                return showBook();
            case RECOVER:
                return Exit.DONE;
            case ABANDON:
                return sale.abandon();
            case RESOLVE:
                exit = sale.resolve(command.more, command.reason);
                return exit == Exit.DONE ? new Recovery(client, screen, book, sale).run() : exit;
            case FORM:
                return sale.sendForm();
            case CONFIRM:
                return sale.confirm();
            case SET_REF:
                return sale.setReference();
            case SHIP:
                return afterSale.ship(command.name, command.words);
            case REFUND:
                return command.amount == null ? afterSale.refund(command.name, command.words)
                        : afterSale.refund(command.name, Long.parseLong(command.amount), command.reason);
            case CANCEL:
                return afterSale.cancel(command.name, command.reason);
            case UPDATE:
                return afterSale.update(command.name, Paths.get(command.more));
            case INFO:
                return afterSale.info(command.name);
            case LOG:
                return records.showLog(command.words.isEmpty() ? null : command.words.get(0));
            case DISMISS:
                return records.dismiss(Long.parseLong(command.name));
            case RECONCILE:
                return records.showPayouts();
            case REPORT:
                return records.report();
            case SELF_TEST:
                return records.selfTest();
            default:
                exit = command.quick ? Exit.DONE : checkAccount();
                return exit == Exit.DONE ? sale.start() : exit;
        }
    }

    /** What the library's journal holds that is not finished. Nothing is sent for this. */
    private Exit showPending() {
        Result pending;
        try {
            pending = client.pending();
        } catch (SequraException error) {
            screen.show("pending", error);
            return Exit.of(error);
        }
        Map<String, String> currencies = new LinkedHashMap<>();
        for (ListedOrder order : ListedOrder.of(pending)) {
            screen.say("pending", order.line() + " " + order.state + ": needs " + order.missing);
            currencies.put("/data/at_risk/" + order.currency + "/" + order.merchantId, order.currency);
        }
        currencies.forEach((pointer, currency) -> {
            Long cents = pending.number(pointer);
            if (cents != null) {
                screen.say("at risk", Screen.price(cents, currency));
            }
        });
        if (currencies.isEmpty()) {
            screen.say("pending", "nothing: every sale with seQura is finished");
        }
        return Exit.DONE;
    }

    /** The sales of the book that something is due for: one line each, as they stand now. */
    private Exit showBook() throws IOException {
        for (Book.Sale sale : book.sales()) {
            if (sale.isOpen()) {
                screen.say("book", sale.line(sale.state));
            }
        }
        return Exit.DONE;
    }

    /**
     * Not needed for each sale (--quick leaves it out): does seQura know this shop, and what may its
     * shoppers choose from?
     */
    private Exit checkAccount() {
        String label = "credentials";
        try {
            Result account = client.checkCredentials();
            screen.show(label, account);
            Set<String> merchants = new LinkedHashSet<>();
            for (int at = 0; at < account.size("/data/merchants"); at++) {
                String merchant = "/data/merchants/" + at;
                merchants.add(account.text(merchant + "/id") + " in " + account.text(merchant + "/country"));
            }
            screen.say("merchants", String.join(", ", merchants));

            label = "methods";
            Result methods = client.paymentMethods();
            Set<String> lines = new LinkedHashSet<>();
            for (int at = 0; at < methods.size("/data/methods"); at++) {
                String method = "/data/methods/" + at;
                Long least = methods.number(method + "/min_amount");
                Long most = methods.number(method + "/max_amount");
                lines.add(methods.text(method + "/product") + " " + methods.text(method + "/title")
                        + (least == null ? "" : ", from " + Screen.money(least))
                        + (most == null ? "" : ", up to " + Screen.money(most)));
            }
            screen.say("methods", String.join("; ", lines));
            return Exit.DONE;
        } catch (SequraException error) {
            screen.show(label, error);
            return Exit.of(error);
        }
    }
}
