package org.sequrapos;

/** An object was used after it was closed or freed. No call was made. */
public class ClosedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ClosedException(String what) {
        super(what);
    }
}
