package org.sequrapos;

/** 1xxx: the call was wrong; nothing was sent. */
public class InvalidCallException extends SequraException {

    private static final long serialVersionUID = 1L;

    InvalidCallException(int status, String message, Result result) {
        super(status, message, result);
    }
}
