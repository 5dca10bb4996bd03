package org.sequrapos;

/** 3xxx: no final answer; calling again is safe, and {@link SequraClient#recover()} will. */
public class NoAnswerException extends SequraException {

    private static final long serialVersionUID = 1L;

    NoAnswerException(int status, String message, Result result) {
        super(status, message, result);
    }
}
