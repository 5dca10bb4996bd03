package org.sequrapos;

/** 1006: the order was refused before sending; the errors have every problem, with its place. */
public class InvalidOrderException extends InvalidCallException {

    private static final long serialVersionUID = 1L;

    InvalidOrderException(int status, String message, Result result) {
        super(status, message, result);
    }
}
