package org.sequrapos;

import java.io.Serializable;

/** One thing that is wrong, or in warnings deserves a look. */
public final class Problem implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final String message;
    private final String pointer;
    private final String expected;
    private final String actual;
    private final String operatorMessage;

    Problem(Result result, String at) {
        code = result.text(at + "/code");
        message = result.text(at + "/message");
        pointer = result.text(at + "/pointer");
        expected = result.text(at + "/expected");
        actual = result.text(at + "/actual");
        operatorMessage = result.text(at + "/operator_message");
    }

    /** One of {@link ErrorCode}. */
    public String getCode() {
        return code;
    }

    /** For whoever reads the log: of a refusal, seQura's own words. */
    public String getMessage() {
        return message;
    }

    /** The place, as a JSON pointer; null where there is none. */
    public String getPointer() {
        return pointer;
    }

    /** What should be there: a text as it is, anything else as JSON; null where it is not said. */
    public String getExpected() {
        return expected;
    }

    /** What is there, likewise. */
    public String getActual() {
        return actual;
    }

    /** For the person at the till, of an order that is wrong; null where it does not apply. */
    public String getOperatorMessage() {
        return operatorMessage;
    }

    @Override
    public String toString() {
        return code + (pointer == null || pointer.isEmpty() ? "" : " at " + pointer) + ": " + message;
    }
}
