import java.awt.FlowLayout;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.SwingUtilities;
import org.sequrapos.Order;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;
import org.sequrapos.State;

/**
 * SwingTill CONFIG ORDER.json: a sale from a window. Calls are made in one worker; what came of them returns as events of
 * the window's, and only there is anything decided or shown. The buttons can be pressed by lines on the standard input too,
 * as by a keypad, and what the operator sees is written to the standard output.
 */
final class SwingTill {

    /** Sold, or it may be, and not yet registered: neither given up nor handed over. */
    private static final List<String> AT_RISK =
            Arrays.asList(State.CONFIRMING, State.CONFIRMED, State.REFERENCING, State.REF_CONFLICTED);
    /** Where a sale that is not wanted any more can be undone. */
    private static final List<String> UNDONE_AT_ONCE =
            Arrays.asList(State.SOLICITED, State.FORM_SENT, State.HELD, State.CONFLICTED, State.SETTLED);

    private interface Call {
        Result ask() throws SequraException;
    }

    private final SequraClient till;
    /** It has its ticket number, order_ref_1: what is confirmed is settled with it at once. */
    private final String order;
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final PrintStream out = new PrintStream(System.out, true, "UTF-8");
    private final JFrame window = new JFrame("seQura");
    private final JLabel text = new JLabel();
    private final Map<String, JButton> keys = new LinkedHashMap<>();

    // The window's thread only, all of it.
    private String url;
    private String state = "";
    private boolean isAsking;
    private boolean isUnwanted;
    private boolean isClosing;

    private SwingTill(SequraClient till, String order) throws IOException {
        this.till = till;
        this.order = order;
        window.setLayout(new FlowLayout());
        window.add(text);
        for (String key : Arrays.asList("pay", "approved", "cancel")) {
            JButton button = new JButton(key);
            button.addActionListener(event -> pressed(key));
            keys.put(key, button);
            window.add(button);
        }
        window.setDefaultCloseOperation(JFrame.DO_NOTHING_ON_CLOSE);
        window.addWindowListener(new WindowAdapter() {
            @Override
            public void windowClosing(WindowEvent event) {
                close();
            }
        });
        window.setSize(800, 200);
        window.setVisible(true);
    }

    public static void main(String[] words) throws Exception {
        SequraClient client = SequraClient.openFile(words[0]);
        String order = new String(Files.readAllBytes(Paths.get(words[1])), StandardCharsets.UTF_8);
        SwingTill[] made = new SwingTill[1];
        SwingUtilities.invokeAndWait(() -> {
            try {
                made[0] = new SwingTill(client, order);
            } catch (IOException error) {
                throw new IllegalStateException(error);
            }
            // What an earlier run was killed in comes before the first sale, and does not stop it.
            made[0].ask("What was left open is being finished.", client::recover);
        });
        Scanner keypad = new Scanner(System.in, "UTF-8");
        while (keypad.hasNextLine()) {
            String key = keypad.nextLine();
            SwingUtilities.invokeLater(() -> made[0].typed(key));
        }
        SwingUtilities.invokeLater(made[0]::close);
    }

    private void typed(String key) {
        if (keys.containsKey(key)) {
            keys.get(key).doClick(0);
        } else {
            tell(text.getText());                                 // the screen goes on, whatever is being asked
        }
    }

    /** A call that may take as long as timeouts.total_ms and a second says: never in the window's thread. */
    private void ask(String meanwhile, Call call) {
        isAsking = true;
        show(meanwhile, "cancel");
        worker.execute(() -> {
            Result answer;
            try {
                answer = call.ask();
            } catch (SequraException error) {
                answer = error.getResult();
            }
            Result came = answer;
            SwingUtilities.invokeLater(() -> answered(came));
        });
    }

    private void pressed(String key) {
        String known = url;
        if ("cancel".equals(key)) {
            cancel();
        } else if ("pay".equals(key)) {
            isUnwanted = false;
            ask("The form is being sent.", () -> till.sendForm(
                    known != null ? known : till.startSolicitation(order).getOrder().getUrl(), "pp3"));
        } else if (AT_RISK.contains(state)) {
            ask("seQura is being asked again. Keep the goods, take no other payment.", () -> till.recover(known));
        } else {
            ask("seQura is being asked. Keep the goods, take no other payment.", () -> till.confirm(known, order));
        }
    }

    /** Before the confirmation it gives the order up; during it, it is remembered; after it, it is a change at seQura. */
    private void cancel() {
        String known = url;
        if (isAsking || AT_RISK.contains(state)) {
            isUnwanted = true;
            tell("What is asked cannot be taken back: the sale is undone as soon as seQura has answered. Keep the goods.");
        } else if (State.SETTLED.equals(state)) {
            isUnwanted = false;
            ask("The sale is being undone at seQura.", () -> undo(known));
        } else if (known != null) {
            isUnwanted = false;
            ask("The sale is being given up.", () -> till.abandon(known));
        }
    }

    /** What has not left is cancelled; what has, as goods_leave of the configuration says, comes back. In the worker. */
    private Result undo(String known) throws SequraException {
        boolean isHere = till.orderInfo(known).number("/data/amounts/shipped") == 0;
        return isHere ? till.cancel(known, "customer_cancel") : till.refund(known);
    }

    /** What the order is now, its state says, whatever came of the call. */
    private void answered(Result answer) {
        isAsking = false;
        Order stands = answer.getOrder();
        state = stands == null ? "" : stands.getState();
        url = stands == null ? null : stands.getUrl();
        if (isUnwanted && UNDONE_AT_ONCE.contains(state)) {
            cancel();
            return;
        }
        if (isClosing) {
            close();
            return;
        }
        String said = answer.getOperatorMessage();
        switch (state) {
        case State.FORM_SENT:
        case State.HELD:
            show(said, "approved", "cancel");
            break;
        case State.SETTLED:                                       // only now hand over the goods
        case State.CONFLICTED:
            show(said, "0".equals(answer.text("/data/amounts/owed")) ? "" : "cancel");
            break;
        case State.ABANDONED:
        case State.CANCELLED:
            show(said);
            break;
        default:
            show(said, AT_RISK.contains(state) ? "approved" : "pay", url == null ? "" : "cancel");
        }
    }

    private void show(String what, String... enabled) {
        keys.forEach((key, button) -> button.setEnabled(Arrays.asList(enabled).contains(key)));
        tell(what);
    }

    private void tell(String what) {
        text.setText(what);
        StringBuilder line = new StringBuilder("screen: ").append(what);
        keys.forEach((key, button) -> line.append(button.isEnabled() ? " [" + key + "]" : ""));
        out.println(line);
    }

    /** A call is not interrupted: the program ends after its answer. Killed before, it goes on at its next start. */
    private void close() {
        isClosing = true;
        if (isAsking) {
            tell("The till closes when seQura has answered.");
        } else {
            till.close();
            System.exit(0);
        }
    }
}
