package org.sequrapos;

/** The order_ref_1 is another order's: choose another one. */
public class DuplicateOrderRefException extends ConflictException {

    private static final long serialVersionUID = 1L;

    DuplicateOrderRefException(int status, String message, Result result) {
        super(status, message, result);
    }
}
