import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The till's own database, as small as one can be: a text file to which one line is added for each
 * step of a sale. Nothing in it is ever changed; the last line of a sale is what it has come to.
 *
 * <pre>
 * started          R-100  38290 EUR  2025-03-01T17:20:03  http://127.0.0.1:8080/orders/5a1c...
 * completed        R-100  38290 EUR  2025-03-01T17:24:41  http://127.0.0.1:8080/orders/5a1c...
 * registered       R-100  38290 EUR  2025-03-01T17:24:42  http://127.0.0.1:8080/orders/5a1c...
 * </pre>
 *
 * <p>started: seQura has the order, nothing is sold yet. completed: seQura has confirmed it, the sale
 * stands. registered: seQura knows the ticket number too; only now may the goods go. Of what is
 * started, not all becomes a sale. refused: seQura has said no. abandoned: the shopper left.
 *
 * <p>After the sale the amount is what the shopper still owes. changing: a change is asked for, and
 * what came of it is not known here yet. Then, in this order of a sale's life: registered (nothing has
 * gone), partly_shipped, shipped, partly_refunded (all has gone, and some was paid back), refunded (all
 * was). cancelled: nothing of it takes place.
 *
 * <p>A real till has a table for this. What matters is when it is written, see the program's Sale.
 */
final class Book {

    /** A sale as the book has it now. */
    static final class Sale {
        final String state;
        final String ticket;
        /** Cents; "?" where they were not known. */
        final String amount;
        final String currency;
        final String url;

        private Sale(String[] words) {
            state = words[0];
            ticket = words[1];
            amount = words[2];
            currency = words[3];
            url = words[5];
        }

        /** Is something due for it? */
        boolean isOpen() {
            return isStarted() || state.equals("completed") || isChanging();
        }

        boolean isStarted() {
            return state.equals("started");
        }

        boolean isChanging() {
            return state.equals("changing");
        }

        /** In one line: its ticket number, its price, and what is said of it. */
        String line(String words) {
            Long cents = amount.matches("\\d{1,18}") ? Long.valueOf(amount) : null;
            return ticket + " " + Screen.price(cents, currency) + " " + words;
        }
    }

    private final Path file;

    Book(Path file) {
        this.file = file;
    }

    /** Adds a line, which is on the disk when this returns: only then may the sale go on. */
    void add(String state, String ticket, Long amount, String currency, String url) throws IOException {
        String time = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").format(LocalDateTime.now());
        String line = String.format(Locale.ROOT, "%-15s  %s  %s %s  %s  %s\n", state, ticket,
                amount == null ? "?" : amount, currency == null ? "?" : currency, time, url);
        try (FileChannel book = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            // A till that lost its power in the middle of a line leaves half a line, which stands alone.
            if (endsInHalfALine(book)) {
                line = "\n" + line;
            }
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            book.position(book.size());
            while (bytes.hasRemaining()) {
                book.write(bytes);
            }
            book.force(true);
        } catch (IOException error) {
            throw new IOException("cannot write " + file, error);
        }
    }

    private static boolean endsInHalfALine(FileChannel book) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return book.size() > 0 && book.read(last, book.size() - 1) == 1 && last.get(0) != '\n';
    }

    /** Every sale as it stands now, oldest first. A file that does not exist is an empty book. */
    List<Sale> sales() throws IOException {
        String book;
        try {
            book = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException empty) {
            return new ArrayList<>();
        } catch (IOException error) {
            throw new IOException("cannot read " + file, error);
        }
        Map<String, Sale> sales = new LinkedHashMap<>();
        // What follows the last line's end is half a line.
        for (String line : book.substring(0, book.lastIndexOf('\n') + 1).split("\r?\n")) {
            String[] words = line.trim().split(" +");
            if (words.length == 6) {
                Sale sale = new Sale(words);
                sales.put(sale.url, sale);
            }
        }
        return new ArrayList<>(sales.values());
    }

    /**
     * The sale with this order URL, or with this uuid at its end; null if there is none. A whole URL
     * must be the same whole URL: a uuid on somebody else's host is another order.
     */
    Sale find(String urlOrUuid) throws IOException {
        for (Sale sale : sales()) {
            if (sale.url.equals(urlOrUuid) || sale.url.substring(sale.url.lastIndexOf('/') + 1).equals(urlOrUuid)) {
                return sale;
            }
        }
        return null;
    }
}
