package org.sequrapos;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What came of a call, done or not. Everything in it is read by JSON pointer, {@link #text} and
 * {@link #number}; what most tills want has a method of its own.
 *
 * <p>Its memory is the library's, and given back when the result is forgotten, or by {@link #free}.
 */
public final class Result {

    /** A call of the library that receives a result as its last argument. */
    interface Call {
        int on(PointerByReference out);
    }

    private final Handle handle;
    private TextEncoding encoding;

    Result(Pointer buffer, TextEncoding encoding) {
        this.encoding = encoding;
        handle = new Handle(this, buffer, LibraryLoader.library()::sq_buffer_free);
    }

    /** Makes a call; throws where it is not done. */
    static Result of(TextEncoding encoding, Call call) throws SequraException {
        PointerByReference out = new PointerByReference();
        int status = call.on(out);
        Result result = new Result(out.getValue(), encoding);
        if (status != Status.OK) {
            throw SequraException.of(status, result);
        }
        return result;
    }

    /** The opening of a client says itself, in ASCII, what its texts are in. */
    TextEncoding learnEncoding() {
        String name = text("/data/text_encoding");
        if (name != null) {
            encoding = TextEncoding.of(name);
        }
        return encoding;
    }

    // Reading and freeing exclude one another: what is borrowed must not be freed meanwhile.

    /** All of it, as JSON: /status, /order, /errors, /data, ... */
    public synchronized String getJson() {
        Pointer buffer = living();
        SequraPosLibrary library = LibraryLoader.library();
        return encoding.plain(library.sq_buffer_text(buffer).getByteArray(0, library.sq_buffer_len(buffer)));
    }

    /**
     * One value by JSON pointer (RFC 6901): a text bare, anything else as JSON, null too.
     *
     * @param pointer "/order/url", "/errors/0/code"; "" is all of it
     * @throws InvalidCallException the pointer finds nothing
     */
    public synchronized String value(String pointer) throws SequraException {
        byte[] where = encoding.text("pointer", pointer);
        SequraPosLibrary library = LibraryLoader.library();
        IntByReference length = new IntByReference();
        int status = library.sq_buffer_get(living(), where, null, length);
        if (status == Status.BUFFER_TOO_SMALL) {
            byte[] memory = new byte[length.getValue()];
            status = library.sq_buffer_get(living(), where, memory, length);
            if (status == Status.OK) {
                return encoding.plain(Arrays.copyOf(memory, memory.length - 1));
            }
        }
        throw SequraException.of(status, pointer + " finds nothing");
    }

    /** The same; null where there is nothing, or JSON's null. */
    public synchronized String text(String pointer) {
        try {
            String value = has(pointer) ? value(pointer) : "null";
            return value.equals("null") ? null : value;
        } catch (SequraException error) {
            throw new AssertionError(error); // it is there, and cannot be freed meanwhile
        }
    }

    /** A whole number, such as cents; null where there is none. */
    public Long number(String pointer) {
        String value = text(pointer);
        try {
            return value == null ? null : Long.valueOf(value);
        } catch (NumberFormatException other) {
            return null;
        }
    }

    /** How long the list at a pointer is; 0 where there is none. */
    public int size(String pointer) {
        int size = 0;
        while (has(pointer + "/" + size)) {
            size++;
        }
        return size;
    }

    private synchronized boolean has(String pointer) {
        byte[] where = encoding.text("pointer", pointer);
        int status = LibraryLoader.library().sq_buffer_get(living(), where, null, new IntByReference());
        return status == Status.BUFFER_TOO_SMALL;
    }

    /** Whether the call was done: {@link Status#OK}, or what went wrong. */
    public int getStatus() {
        Long code = number("/code");
        return code == null ? Status.INTERNAL : code.intValue();
    }

    /** The status's name: "SQ_OK". */
    public String getStatusName() {
        return text("/status");
    }

    /** Which call it is of: one of {@link Operation}. */
    public String getOperation() {
        return text("/operation");
    }

    /** The order that it is about; null where there is none. */
    public Order getOrder() {
        return has("/order/uuid") ? new Order(this, "/order") : null;
    }

    /** The request; null where nothing was sent. */
    public Http getHttp() {
        return has("/http/attempts") ? new Http(this, "/http") : null;
    }

    /** Everything that is wrong. */
    public List<Problem> getErrors() {
        return list("/errors", at -> new Problem(this, "/errors/" + at));
    }

    /** What deserves a look although the call went its way. */
    public List<Problem> getWarnings() {
        return list("/warnings", at -> new Problem(this, "/warnings/" + at));
    }

    private <T> List<T> list(String pointer, IntFunction<T> element) {
        List<T> list = new ArrayList<>();
        int size = size(pointer);
        for (int at = 0; at < size; at++) {
            list.add(element.apply(at));
        }
        return Collections.unmodifiableList(list);
    }

    /** For the person at the till, in the configured language. */
    public String getOperatorMessage() {
        return text("/operator_message");
    }

    /** What the till should do now: one of {@link Next}. */
    public String getNext() {
        return text("/next");
    }

    /** Gives the memory back now; twice does nothing. Only {@link #toString} may be called then. */
    public synchronized void free() {
        handle.release();
    }

    private Pointer living() {
        return handle.get("this result is freed");
    }

    @Override
    public synchronized String toString() {
        return handle.isReleased() ? "a freed result"
                : getOperation() + ": " + getStatusName() + ", next " + getNext();
    }
}
