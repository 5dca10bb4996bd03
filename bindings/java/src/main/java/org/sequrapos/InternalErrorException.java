package org.sequrapos;

/** A bug of the library, caught. Close the client and open another. */
public class InternalErrorException extends SequraException {

    private static final long serialVersionUID = 1L;

    InternalErrorException(int status, String message, Result result) {
        super(status, message, result);
    }
}
