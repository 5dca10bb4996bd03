import org.sequrapos.SequraException;
import org.sequrapos.SequraPos;

/** What became of it. The ordinals are the exit statuses of the program. */
enum Exit {
    /** Sold: confirmed, completed, registered; or what was asked for is done. */
    DONE,
    /** Wrong command line, or a file of the till's own cannot be used. */
    USAGE,
    /** The configuration, the order or the change is wrong; nothing was sent (1xxx). */
    NOT_SENT,
    /** seQura said no: nothing is sold, or changed (2xxx). */
    REFUSED,
    /** Not known, or seQura was not reached: keep the goods, ask again (3xxx). */
    NO_ANSWER,
    /** This machine's journal, or a bug of the library (4xxx, 9xxx). */
    MACHINE,
    /** Confirmed, but seQura has no ticket number for it: keep the goods (any). */
    NO_REFERENCE,
    /** Left open: the shopper has not been approved yet. */
    WAITING;

    static Exit of(SequraException error) {
        switch (SequraPos.statusClass(error.getStatus())) {
            case 1:
                return NOT_SENT;
            case 2:
                return REFUSED;
            case 3:
                return NO_ANSWER;
            default:
                return MACHINE;
        }
    }
}
