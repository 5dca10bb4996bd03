import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.sequrapos.OrderBuilder;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;
import org.sequrapos.SequraPos;

/** The player of Java: see tests/bindings/README.md. Everything goes through the package org.sequrapos. */
final class Player {

    /** What a request does; its answer's text, or null for none. */
    private interface Verb {
        String act(String[] fields) throws SequraException;
    }

    /** A method of a client, by the name of its function. */
    private interface Method {
        Result call(SequraClient client, String[] arguments) throws SequraException;
    }

    private final Map<String, SequraClient> clients = new HashMap<>();
    private final Map<String, OrderBuilder> orders = new HashMap<>();
    private final Map<String, Verb> verbs = new HashMap<>();
    private final Map<String, Method> methods = new HashMap<>();
    private Result last;

    private Player() {
        verbs.put("open", f -> opened(f[0], SequraClient.open(f[1])));
        verbs.put("open_file", f -> opened(f[0], SequraClient.openFile(f[1])));
        verbs.put("close", f -> {
            clients.get(f[0]).close();
            return null;
        });
        verbs.put("call", f -> keep(f[0] == null
                ? SequraPos.echo(f[2])
                : methods.get(f[1]).call(clients.get(f[0]), Arrays.copyOfRange(f, 2, f.length))));
        verbs.put("order_new", f -> {
            orders.put(f[0], f[1] == null ? new OrderBuilder() : new OrderBuilder(clients.get(f[1])));
            return null;
        });
        verbs.put("order_set_text", f -> done(orders.get(f[0]).set(f[1], f[2])));
        verbs.put("order_set_int", f -> done(orders.get(f[0]).set(f[1], Long.parseLong(f[2]))));
        verbs.put("order_set_flag", f -> done(orders.get(f[0]).set(f[1], f[2].equals("1"))));
        verbs.put("order_add_measured", f -> done(orders.get(f[0]).addMeasured(f[1], f[2], f[3], f[4], f[5],
                Long.parseLong(f[6]))));
        verbs.put("order_add_item", f -> done(orders.get(f[0]).addItem(f[1], f[2], f[3], Long.parseLong(f[4]),
                Long.parseLong(f[5]), Long.parseLong(f[6]))));
        verbs.put("order_json", f -> orders.get(f[0]).toJson());
        verbs.put("order_free", f -> {
            orders.get(f[0]).close();
            return null;
        });
        verbs.put("value", f -> last.value(f[0]));
        verbs.put("library", f -> library(f));

        methods.put("echo", (client, a) -> client.echo(a[0]));
        methods.put("self_test", (client, a) -> client.selfTest());
        methods.put("check_credentials", (client, a) -> client.checkCredentials());
        methods.put("credit_agreements", (client, a) -> client.creditAgreements(Long.parseLong(a[1]), a[0], a[2]));
        methods.put("payment_methods", (client, a) -> client.paymentMethods(a[0]));
        methods.put("check_order", (client, a) -> client.checkOrder(a[0]));
        methods.put("start_solicitation", (client, a) -> client.startSolicitation(a[0]));
        methods.put("send_form", (client, a) -> client.sendForm(a[0], a[1], a[2]));
        methods.put("send_form_by", (client, a) -> client.sendFormBy(a[0], a[1], a[2], a[3]));
        methods.put("hold", (client, a) -> client.hold(a[0], a[1]));
        methods.put("confirm", (client, a) -> client.confirm(a[0], a[1]));
        methods.put("set_order_ref", (client, a) -> client.setOrderRef(a[0], a[1], a[2]));
        methods.put("abandon", (client, a) -> client.abandon(a[0]));
        methods.put("resolve", (client, a) -> client.resolve(a[0], a[1], a[2]));
        methods.put("order_info", (client, a) -> client.orderInfo(a[0]));
        methods.put("receipt", (client, a) -> client.receipt(a[0], Integer.parseInt(a[1])));
        methods.put("day", (client, a) -> client.day(a[0], a[1]));
        methods.put("update_order", (client, a) -> client.updateOrder(a[0], a[1]));
        methods.put("ship", (client, a) -> client.ship(a[0], a[1]));
        methods.put("refund", (client, a) -> client.refund(a[0], a[1]));
        methods.put("cancel", (client, a) -> client.cancel(a[0], a[1]));
        methods.put("hand_over", (client, a) -> client.handOver(a[0]));
        methods.put("take_over", (client, a) -> client.takeOver(a[0]));
        methods.put("send_delivery_report", (client, a) -> client.sendDeliveryReport(a[0]));
        methods.put("disbursements", (client, a) -> client.disbursements(a[0]));
        methods.put("pending", (client, a) -> client.pending());
        methods.put("recover", (client, a) -> client.recover(a[0]));
        methods.put("reconcile", (client, a) -> client.reconcile());
        methods.put("log", (client, a) -> client.log(a[0]));
        methods.put("log_dismiss", (client, a) -> client.logDismiss(Long.parseLong(a[0])));
    }

    private String opened(String name, SequraClient client) {
        clients.put(name, client);
        return keep(client.getOpened());
    }

    /** The result becomes the last one. */
    private String keep(Result result) {
        forget();
        last = result;
        return result.getJson();
    }

    private void forget() {
        if (last != null) {
            last.free();
            last = null;
        }
    }

    private static String done(OrderBuilder order) {
        return null;
    }

    private String library(String[] fields) {
        switch (fields[0]) {
            case "abi_version":
                return Integer.toString(SequraPos.abiVersion());
            case "version":
                return SequraPos.version();
            case "build_info":
                return SequraPos.buildInfo();
            case "status_name":
                return SequraPos.statusName(Integer.parseInt(fields[1]));
            case "status_class":
                return Integer.toString(SequraPos.statusClass(Integer.parseInt(fields[1])));
            case "live_handles":
                forget();
                return Long.toString(SequraPos.liveHandles());
            default:
                throw new IllegalArgumentException(fields[0]);
        }
    }

    private String answer(String line) {
        String[] fields = line.split("\t", -1);
        for (int at = 0; at < fields.length; at++) {
            fields[at] = plain(fields[at]);
        }
        try {
            String text = verbs.get(fields[0]).act(Arrays.copyOfRange(fields, 1, fields.length));
            return "0\t-\t" + escaped(text == null ? "" : text);
        } catch (SequraException error) {
            String text = error.getResult() == null ? error.getMessage() : keep(error.getResult());
            return error.getStatus() + "\t" + error.getClass().getSimpleName() + "\t" + escaped(text);
        } catch (IllegalArgumentException | IllegalStateException error) {
            return "-1\t" + error.getClass().getSimpleName() + "\t" + escaped(error.getMessage());
        }
    }

    private static String plain(String field) {
        if (field.equals("\\N")) {
            return null;
        }
        StringBuilder plain = new StringBuilder(field.length());
        for (int at = 0; at < field.length(); at++) {
            char letter = field.charAt(at);
            if (letter == '\\') {
                letter = field.charAt(++at);
                letter = letter == 't' ? '\t' : letter == 'n' ? '\n' : letter == 'r' ? '\r' : letter;
            }
            plain.append(letter);
        }
        return plain.toString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
    }

    public static void main(String[] arguments) throws IOException {
        Player player = new Player();
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        OutputStream out = System.out;
        out.write("ready\tjava\tunicode\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        for (String line = requests.readLine(); line != null && !line.equals("quit"); line = requests.readLine()) {
            out.write((player.answer(line) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }
}
