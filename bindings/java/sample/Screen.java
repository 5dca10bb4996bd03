import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.sequrapos.Next;
import org.sequrapos.Problem;
import org.sequrapos.Result;
import org.sequrapos.SequraException;

/** What the operator sees and says: lines of text, in UTF-8. */
final class Screen {

    private static final int INDENT = 14;
    private static final int COLUMNS = 100;

    private final PrintWriter out = new PrintWriter(
            new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8), true);
    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    /** Prints "label   text", broken at spaces. */
    void say(String label, String text) {
        StringBuilder line = new StringBuilder(String.format("  %-" + (INDENT - 2) + "s", label));
        for (String word : text.trim().split("\\s+")) {
            if (line.length() > INDENT) {
                if (line.length() + 1 + word.length() > COLUMNS) {
                    out.println(line);
                    line.setLength(0);
                    line.append(String.format("%" + INDENT + "s", ""));
                } else {
                    line.append(' ');
                }
            }
            line.append(word);
        }
        out.println(line);
    }

    /** What came of a call: to the technician in a line, to the operator in the till's language. */
    void show(String label, Result result) {
        StringBuilder line = new StringBuilder(result.getStatusName());
        if (result.getHttp() != null && result.getHttp().getStatus() != null) {
            line.append(", HTTP ").append(result.getHttp().getStatus());
        }
        if (result.getOrder() != null && result.getOrder().getState() != null) {
            line.append(": ").append(result.getOrder().getState());
        }
        if (!result.getNext().equals(Next.NONE)) {
            line.append("; next: ").append(result.getNext());
        }
        say(label, line.toString());
        showProblems("", result.getErrors());
        showProblems("warning", result.getWarnings());
        showOperatorMessage(result);
    }

    /** The same of a call that was not done. */
    void show(String label, SequraException error) {
        if (error.getResult() != null) {
            show(label, error.getResult());
        } else {
            say(label, error.getMessage());
        }
    }

    void showProblems(String label, List<Problem> problems) {
        for (Problem problem : problems) {
            say(label, problem.toString());
        }
    }

    /** What the library tells the person at the till. */
    void showOperatorMessage(Result result) {
        say("operator >>", result.getOperatorMessage());
    }

    /** How the operator takes the sale up again later. */
    void sayHowToGoOn(String url, String option, String... more) {
        String uuid = url.substring(url.lastIndexOf('/') + 1);
        say("to go on", "till CONFIG " + option + " " + uuid + " " + String.join(" ", more));
    }

    /** What has no answer yet is found out by the till itself, for all such orders at once. */
    void sayRecover() {
        say("to go on", "till CONFIG --recover; the next sale begins with it too");
    }

    /** Asks the operator; null when nobody is there. */
    String ask(String question) throws IOException {
        out.printf("  %-" + (INDENT - 2) + "s%s ", "operator ?", question);
        out.flush();
        String answer = in.readLine();
        if (answer == null) {
            out.println();
        }
        return answer;
    }

    void printReceipt(String ticket, String price, String uuid) {
        String rule = "-------------------------------------------------------";
        String margin = String.format("%" + INDENT + "s", "");
        out.println(margin + rule);
        out.printf("%sTicket %-20s %27s%n", margin, ticket, price);
        out.printf("%sPagado con seQura   %35s%n", margin, uuid);
        out.println(margin + rule);
    }

    /** Cents as people write them: 38290 is "382,90". */
    static String money(long cents) {
        String digits = String.format("%03d", Math.abs(cents));
        int comma = digits.length() - 2;
        String euros = digits.substring(0, comma).replaceAll("(?<=\\d)(?=(\\d{3})+$)", ".");
        return (cents < 0 ? "-" : "") + euros + "," + digits.substring(comma);
    }

    /** "382,90 EUR". */
    static String price(Long cents, String currency) {
        return (cents == null ? "?" : money(cents)) + " " + (currency == null ? "" : currency);
    }
}
