package org.sequrapos;

import java.util.Collections;
import java.util.List;

/**
 * A call that was not done. {@link #getStatus} says what came of it; the subclasses are its
 * thousands, and what a till tells apart.
 *
 * <p>What the person at the till reads is {@link #getOperatorMessage}; the message of the exception
 * is for the log.
 */
public class SequraException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String statusName;
    private final List<Problem> errors;
    private final Order order;
    private final String next;
    private final String operatorMessage;
    private final transient Result result;

    SequraException(int status, String message, Result result) {
        super(SequraPos.statusName(status) + ": " + message);
        this.status = status;
        this.statusName = SequraPos.statusName(status);
        this.result = result;
        // Read now: whoever logs the exception later has them, whatever became of the result.
        errors = result == null ? Collections.<Problem>emptyList() : result.getErrors();
        order = result == null ? null : result.getOrder();
        next = result == null ? Next.NONE : result.getNext();
        operatorMessage = result == null ? null : result.getOperatorMessage();
    }

    /** The exception of a call that gave a result. */
    static SequraException of(int status, Result result) {
        // Only where the library could allocate nothing at all is there none.
        if (result.getJson().isEmpty()) {
            return of(status, "the library gave no result", null);
        }
        List<Problem> errors = result.getErrors();
        String more = errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : "";
        String message = errors.isEmpty() ? result.getOperatorMessage() : errors.get(0) + more;
        return of(status, message, result);
    }

    /** The exception of a call that gives no result. */
    static SequraException of(int status, String message) {
        return of(status, message, null);
    }

    private static SequraException of(int status, String message, Result result) {
        switch (status) {
            case Status.INVALID_ORDER:
                return new InvalidOrderException(status, message, result);
            case Status.CONFLICT:
                return new ConflictException(status, message, result);
            case Status.DUPLICATE_ORDER_REF:
                return new DuplicateOrderRefException(status, message, result);
            case Status.OUTCOME_UNKNOWN:
                return new OutcomeUnknownException(status, message, result);
            default:
                break;
        }
        switch (SequraPos.statusClass(status)) {
            case 1:
                return new InvalidCallException(status, message, result);
            case 2:
                return new RefusedException(status, message, result);
            case 3:
                return new NoAnswerException(status, message, result);
            case 4:
                return new MachineException(status, message, result);
            case 9:
                return new InternalErrorException(status, message, result);
            default:
                return new SequraException(status, message, result);
        }
    }

    /** One of {@link Status}. */
    public int getStatus() {
        return status;
    }

    /** The status's name: "SQ_CONFLICT". */
    public String getStatusName() {
        return statusName;
    }

    /** The first problem's code, one of {@link ErrorCode}; null where there is none. */
    public String getCode() {
        return errors.isEmpty() ? null : errors.get(0).getCode();
    }

    /** Everything that is wrong. */
    public List<Problem> getErrors() {
        return errors;
    }

    /** The order that it is about; null where there is none. */
    public Order getOrder() {
        return order;
    }

    /** What the till should do now: one of {@link Next}. */
    public String getNext() {
        return next;
    }

    /** For the person at the till, in the configured language; null where there is no result. */
    public String getOperatorMessage() {
        return operatorMessage;
    }

    /**
     * All of it. Null where there is none: of {@link OrderBuilder}, of {@link Result#value}, and of
     * an exception that came from another process.
     */
    public Result getResult() {
        return result;
    }
}
