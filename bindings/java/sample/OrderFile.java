import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order as a file of JSON. It goes to seQura as it is, so that the till needs no JSON library. */
final class OrderFile {

    /** What an order begins with: {, or { "order": {; and the byte order mark that some editors write. */
    private static final Pattern BEGINNING = Pattern.compile("^\ufeff?\\s*\\{(\\s*\"order\"\\s*:\\s*\\{)?");

    private OrderFile() {
    }

    /** The whole of a file. */
    static String read(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException error) {
            throw new IOException("cannot read " + file, error);
        }
    }

    /** The order as it is at this moment, with this ticket number in it unless that is null. */
    static String read(Path file, String ticket) throws IOException {
        String order = read(file);
        if (ticket == null) {
            return order;
        }
        Matcher beginning = BEGINNING.matcher(order);
        if (!beginning.find()) {
            throw new IOException(file + " does not begin like an order");
        }
        // The one place where this till writes JSON itself; a ticket number has nothing to escape.
        return beginning.group() + "\"merchant_reference\":{\"order_ref_1\":\"" + ticket + "\"},"
                + order.substring(beginning.end());
    }
}
