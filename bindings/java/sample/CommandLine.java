import java.nio.file.Path;
import java.nio.file.Paths;

/** What the command line asks for. */
final class CommandLine {

    static final String USAGE = String.join(System.lineSeparator(),
            "usage: till CONFIG ORDER.json            sell it",
            "       till CONFIG --recover              finish what was left unfinished",
            "       till CONFIG --pending              what is unfinished",
            "       till CONFIG [ORDER.json] --form ORDER-URL     go on with the form",
            "       till CONFIG [ORDER.json] --confirm ORDER-URL  go on with the confirmation",
            "       till CONFIG --set-ref ORDER-URL NUMBER    go on with the reference",
            "       till CONFIG --abandon ORDER-URL    the shopper left: give it up",
            "options:",
            "  --ref NUMBER     the ticket number, seQura's order_ref_1 (default: made of the time)",
            "  --ref-first      send it with the order: the confirmation then settles the sale",
            "  --product CODE   seQura's product for the form (default: pp3)",
            "  --sales FILE     the till's own book (default: sales.txt)",
            "  --yes            do not ask the operator: the shopper is approved",
            "  --quick          without looking at the account and its payment methods first",
            "exit status: 0 done; 1 usage or a file; 2 nothing sent; 3 refused; 4 no answer, ask again;",
            "  5 this machine; 6 confirmed without its reference; 7 not approved yet");

    /** A command line that makes no sense. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
    }

    enum Entry { SELL, FORM, CONFIRM, SET_REF, PENDING, RECOVER, ABANDON }

    Entry entry = Entry.SELL;
    String config;
    Path order;
    String url;
    String ticket;
    String product = "pp3";
    Path sales = Paths.get("sales.txt");
    boolean refFirst;
    boolean asks = true;
    boolean quick;

    private final String[] words;
    private int at;

    CommandLine(String[] words) throws Wrong {
        this.words = words;
        config = next();
        if (config.startsWith("-")) {
            throw new Wrong();
        }
        while (at < words.length) {
            read(next());
        }
        boolean isSale = entry == Entry.SELL || refFirst;
        if ((order == null && isSale) || (ticket != null && !isTicket(ticket))) {
            throw new Wrong();
        }
    }

    private void read(String word) throws Wrong {
        switch (word) {
            case "--yes":
                asks = false;
                break;
            case "--quick":
                quick = true;
                break;
            case "--ref-first":
                refFirst = true;
                break;
            case "--product":
                product = next();
                break;
            case "--sales":
                sales = Paths.get(next());
                break;
            case "--ref":
                ticket = next();
                break;
            case "--pending":
                enter(Entry.PENDING);
                break;
            case "--recover":
                enter(Entry.RECOVER);
                break;
            case "--form":
                enter(Entry.FORM);
                url = next();
                break;
            case "--confirm":
                enter(Entry.CONFIRM);
                url = next();
                break;
            case "--set-ref":
                enter(Entry.SET_REF);
                url = next();
                ticket = next();
                break;
            case "--abandon":
                enter(Entry.ABANDON);
                url = next();
                break;
            default:
                if (word.startsWith("-") || order != null) {
                    throw new Wrong();
                }
                order = Paths.get(word);
        }
    }

    private void enter(Entry wanted) throws Wrong {
        if (entry != Entry.SELL) {
            throw new Wrong();
        }
        entry = wanted;
    }

    private String next() throws Wrong {
        if (at == words.length) {
            throw new Wrong();
        }
        return words[at++];
    }

    /** Ticket numbers go into the order, the book and the screen as they are. */
    static boolean isTicket(String text) {
        return text.matches("[!-~&&[^\"\\\\]]+");
    }
}
