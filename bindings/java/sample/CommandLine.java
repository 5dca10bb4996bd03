import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

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
            "       till CONFIG --resolve ORDER-URL OUTCOME --reason TEXT   somebody looked in seQura's portal:",
            "              confirmed, or not_confirmed",
            "after the sale, which NUMBER names:",
            "       till CONFIG --ship NUMBER [ITEM[=QUANTITY] ...]     goods went out; none named: all that is left",
            "       till CONFIG --refund NUMBER [ITEM[=QUANTITY] ...]   goods came back; none named: all that went out",
            "       till CONFIG --refund NUMBER --amount CENTS [--reason TEXT]   so much is paid back",
            "       till CONFIG --cancel NUMBER [--reason TEXT]         nothing of the sale takes place",
            "       till CONFIG --update NUMBER CHANGES.json            carts, addresses, trackings",
            "       till CONFIG --info NUMBER                   where the sale stands",
            "       till CONFIG --log [NUMBER]                  what was asked of seQura; what needs attention first",
            "       till CONFIG --dismiss ENTRY                 an entry of the log is seen to",
            "       till CONFIG --reconcile                     the sales against seQura's payouts",
            "       till CONFIG --report                what was shipped since the last one; daily, even if nothing",
            "       till CONFIG --self-test                     does everything work on this machine?",
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

    /** What is to be done. Each but SELL has its word, which so many others must follow. */
    enum Entry {
        SELL(null, 0),
        FORM("--form", 1),
        CONFIRM("--confirm", 1),
        SET_REF("--set-ref", 2),
        RECOVER("--recover", 0),
        PENDING("--pending", 0),
        ABANDON("--abandon", 1),
        RESOLVE("--resolve", 2),
        SHIP("--ship", 1),
        REFUND("--refund", 1),
        CANCEL("--cancel", 1),
        UPDATE("--update", 2),
        INFO("--info", 1),
        LOG("--log", 0),
        DISMISS("--dismiss", 1),
        RECONCILE("--reconcile", 0),
        REPORT("--report", 0),
        SELF_TEST("--self-test", 0);

        private final String word;
        private final int needs;

        Entry(String word, int needs) {
            this.word = word;
            this.needs = needs;
        }

        /**
         * What was left unfinished comes before these. A change after the sale takes along what has no
         * answer of its own order: were that recovered first, a command that is given again for want of
         * an answer would ship as many goods again.
         */
        boolean recovers() {
            return compareTo(RECOVER) <= 0;
        }

        /** It is about one order, which is not finished, by its URL or uuid. */
        boolean takesUpASale() {
            return this == FORM || this == CONFIRM || this == SET_REF || this == ABANDON || this == RESOLVE;
        }
    }

    Entry entry = Entry.SELL;
    String config;
    Path order;
    /** The first word that the entry needs, and the second. */
    String name;
    String more;
    /** Those that may follow: items, or the sale whose log is meant. */
    final List<String> words = new ArrayList<>();
    String amount;
    String reason;
    String ticket;
    String product = "pp3";
    Path sales = Paths.get("sales.txt");
    boolean refFirst;
    boolean asks = true;
    boolean quick;

    private final Iterator<String> given;

    CommandLine(String[] arguments) throws Wrong {
        given = Arrays.asList(arguments).iterator();
        config = next();
        if (config.startsWith("-")) {
            throw new Wrong();
        }
        while (given.hasNext()) {
            read(next());
        }
        if (entry == Entry.SET_REF) {
            ticket = more;
        }
        if (!isSensible()) {
            throw new Wrong();
        }
    }

    private void read(String word) throws Wrong {
        for (Entry one : Entry.values()) {
            if (word.equals(one.word)) {
                enter(one);
                return;
            }
        }
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
            case "--amount":
                amount = next();
                break;
            case "--reason":
                reason = next();
                break;
            default:
                if (word.startsWith("-")) {
                    throw new Wrong();
                } else if (entry == Entry.SHIP || entry == Entry.REFUND || entry == Entry.LOG) {
                    words.add(word);
                } else if (order == null) {
                    order = Paths.get(word);
                } else {
                    throw new Wrong();
                }
        }
    }

    private void enter(Entry wanted) throws Wrong {
        if (entry != Entry.SELL) {
            throw new Wrong();
        }
        entry = wanted;
        name = wanted.needs > 0 ? next() : null;
        more = wanted.needs > 1 ? next() : null;
    }

    private String next() throws Wrong {
        if (!given.hasNext()) {
            throw new Wrong();
        }
        return given.next();
    }

    /** Whether what was given goes with what is to be done. */
    private boolean isSensible() {
        boolean refundsAmount = entry == Entry.REFUND && amount != null;
        boolean asksForAmount = amount == null || (refundsAmount && words.isEmpty() && isNumber(amount));
        boolean asksForReason = entry == Entry.RESOLVE ? reason != null
                : reason == null || refundsAmount || entry == Entry.CANCEL;
        boolean asksForWords = entry == Entry.LOG ? words.size() <= 1 : words.stream().allMatch(AfterSale::isItem);
        boolean asksForEntry = entry != Entry.DISMISS || isNumber(name);
        boolean hasOrder = order != null || (entry != Entry.SELL && !refFirst);
        return asksForAmount && asksForReason && asksForWords && asksForEntry && hasOrder
                && (ticket == null || isTicket(ticket));
    }

    /** Whole, and not more than a till can have: what is mistyped is not to be guessed. */
    static boolean isNumber(String text) {
        return text.matches("[0-9]{1,9}");
    }

    /** Ticket numbers go into the order, the book and the screen as they are. */
    static boolean isTicket(String text) {
        return text.matches("[!-~&&[^\"\\\\]]+");
    }
}
