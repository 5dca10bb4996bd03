package org.sequrapos;

/**
 * It may have been processed. The goods stay, no other payment is taken; the same call, now or after
 * a restart, finds out.
 */
public class OutcomeUnknownException extends NoAnswerException {

    private static final long serialVersionUID = 1L;

    OutcomeUnknownException(int status, String message, Result result) {
        super(status, message, result);
    }
}
