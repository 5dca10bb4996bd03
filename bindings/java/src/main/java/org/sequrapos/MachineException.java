package org.sequrapos;

/** 4xxx: this machine: the journal cannot be written, or another till is at work. */
public class MachineException extends SequraException {

    private static final long serialVersionUID = 1L;

    MachineException(int status, String message, Result result) {
        super(status, message, result);
    }
}
