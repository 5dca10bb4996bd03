import java.util.ArrayList;
import java.util.List;
import org.sequrapos.OrderBuilder;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;

/**
 * What the shop's office and support look at and do: the transaction log, the payouts, the delivery
 * report, the self-test.
 */
final class Records {

    private final SequraClient client;
    private final Screen screen;

    Records(SequraClient client, Screen screen) {
        this.client = client;
        this.screen = screen;
    }

    private interface Call {
        Result make() throws SequraException;
    }

    private interface Show {
        void of(Result result);
    }

    /** What came of a call is shown whether it was done or not: some of it may be there all the same. */
    private Exit show(String label, Call call, Show show) {
        try {
            Result result = call.make();
            screen.show(label, result);
            show.of(result);
            return Exit.DONE;
        } catch (SequraException error) {
            screen.show(label, error);
            if (error.getResult() != null) {
                show.of(error.getResult());
            }
            return Exit.of(error);
        }
    }

    // ---- the transaction log

    /**
     * What was asked of seQura and what it said, of one sale or (null) of all: what needs attention
     * first, with seQura's words and what can be done, then the newest. Nothing is sent for this.
     */
    Exit showLog(String sale) {
        Result log;
        try (OrderBuilder query = new OrderBuilder(client)) { // the builder of orders writes any JSON
            query.set("/limit", 20);
            if (sale != null) {
                query.set("/order", sale);
            }
            log = client.log(query.toJson());
        } catch (SequraException error) {
            screen.show("log", error);
            return Exit.of(error);
        }
        int entries = log.size("/data/entries");
        for (int at = 0; at < entries; at++) {
            showEntry(log, "/data/entries/" + at);
        }
        if (entries == 0) {
            screen.say("log", "nothing");
        }
        return Exit.DONE;
    }

    private void showEntry(Result log, String entry) {
        boolean wanting = "true".equals(log.text(entry + "/needs_attention"));
        String id = log.text(entry + "/id");
        screen.say(wanting ? "attention" : "log", id + " " + orderOf(log, entry) + " " + line(log, entry));
        String description = log.text(entry + "/description");
        if (description != null) {
            screen.say("", description);
        }
        List<String> actions = new ArrayList<>();
        for (int at = 0; wanting && at < log.size(entry + "/actions"); at++) {
            String action = log.text(entry + "/actions/" + at);
            actions.add(action.equals("dismiss") ? "--dismiss " + id : action);
        }
        if (!actions.isEmpty()) {
            screen.say("", "to do: " + String.join(", or ", actions));
        }
    }

    /** By its ticket number, or by its uuid while it has none. A delivery report is about no order. */
    private static String orderOf(Result log, String entry) {
        String ticket = log.text(entry + "/order/order_ref_1");
        String uuid = log.text(entry + "/order/uuid");
        return ticket != null ? ticket : uuid != null ? uuid : "";
    }

    /** What was asked, and what came of it. */
    static String line(Result result, String entry) {
        Long http = result.number(entry + "/http/status");
        return result.text(entry + "/operation") + " " + result.text(entry + "/status")
                + (http == null ? "" : ", HTTP " + http);
    }

    /** An entry of the log has been seen to: it needs no attention any more. */
    Exit dismiss(long entry) {
        return show("dismiss", () -> client.logDismiss(entry), result -> { });
    }

    // ---- the payouts

    /** The settled sales, held against what seQura has paid out. */
    Exit showPayouts() {
        return show("reconcile", client::reconcile, result -> {
            showKind(result, "paid", "/data/paid", true, false);
            showKind(result, "differing", "/data/differing", true, true);
            showKind(result, "not paid", "/data/not_yet_paid", true, false);
            showKind(result, "unknown", "/data/unknown_here", false, true); // sold by another till
        });
    }

    /** The entries of one kind, in one line: each with what is owed and what was paid. */
    private void showKind(Result result, String label, String list, boolean owed, boolean paid) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < result.size(list); at++) {
            String entry = list + "/" + at;
            String currency = result.text(entry + "/currency");
            String line = result.text(entry + "/order_ref_1");
            if (owed) {
                line += " " + Screen.price(result.number(entry + "/amount"), currency);
            }
            if (paid) {
                line += (owed ? ", but paid " : " ") + Screen.price(result.number(entry + "/paid"), currency);
            }
            lines.add(line);
        }
        if (!lines.isEmpty()) {
            screen.say(label, String.join("; ", lines));
        }
    }

    // ---- the delivery report

    /** Tells seQura what was shipped since the last time: once a day, even if it is nothing. */
    Exit report() {
        return show("report", client::sendDeliveryReport, result -> {
            for (int at = 0; at < result.size("/data/reports"); at++) {
                String report = "/data/reports/" + at;
                screen.say("told", result.text(report + "/merchant_id") + ", orders shipped: "
                        + result.text(report + "/orders") + ": " + result.text(report + "/status"));
            }
        });
    }

    // ---- the self-test

    /** Does everything that a sale needs work on this machine? */
    Exit selfTest() {
        // Why a row failed is among the errors, or the warnings.
        return show("self-test", client::selfTest, result -> {
            for (int at = 0; at < result.size("/data/tests"); at++) {
                String test = "/data/tests/" + at;
                boolean well = "true".equals(result.text(test + "/ok"));
                screen.say(well ? "well" : "NOT WELL", result.text(test + "/name")
                        + detail(result, ", of ", test + "/detail/host")
                        + detail(result, ", seconds fast: ", test + "/detail/skew_s")
                        + detail(result, ", ms for a durable write: ", test + "/detail/durable_write_ms"));
            }
        });
    }

    private static String detail(Result result, String words, String pointer) {
        String detail = result.text(pointer);
        return detail == null ? "" : words + detail;
    }
}
