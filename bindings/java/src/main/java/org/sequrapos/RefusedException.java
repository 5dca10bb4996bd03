package org.sequrapos;

/** 2xxx: seQura said no; asking again unchanged will not help. */
public class RefusedException extends SequraException {

    private static final long serialVersionUID = 1L;

    RefusedException(int status, String message, Result result) {
        super(status, message, result);
    }
}
