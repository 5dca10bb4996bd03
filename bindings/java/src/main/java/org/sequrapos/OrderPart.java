package org.sequrapos;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A part of an order: what {@link Orders.Order} and the classes in it have in common. What is not set, or is null, is left
 * out. One thread at a time.
 *
 * @param <S> the class itself, which each setting gives back
 */
public abstract class OrderPart<S extends OrderPart<S>> {

    private static final int DEEPEST = 100;

    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final Map<String, Object> others = new LinkedHashMap<>();

    OrderPart() {
    }

    /**
     * A field that these classes do not know, since seQura has it newly; it is sent as it is.
     *
     * @param value null, a text, a flag, a whole number, a list, a map by text, or another part
     */
    public S otherField(String name, Object value) {
        others.put(name, value);
        return self();
    }

    /** The same as JSON: what the calls of {@link SequraClient} take. */
    public String toJson() {
        StringBuilder text = new StringBuilder();
        write(text, 0);
        return text.toString();
    }

    /** What it is, and not what is in it: a log is no place for a shopper. */
    @Override
    public String toString() {
        return getClass().getSimpleName();
    }

    /** The type that it says it is, in a list whose entries are of several; null elsewhere. */
    String type() {
        return null;
    }

    /** The field that is said as null where there is nothing to say; null: there is none. */
    String saidAsNull() {
        return null;
    }

    S set(String name, Object value) {
        fields.put(name, value);
        return self();
    }

    @SuppressWarnings("unchecked") // it is what S says
    private S self() {
        return (S) this;
    }

    private void write(StringBuilder text, int depth) {
        Map<String, Object> said = new LinkedHashMap<>();
        if (type() != null) {
            said.put("type", type());
        }
        fields.forEach((name, value) -> {
            if (value != null) {
                said.put(name, value);
            }
        });
        if (saidAsNull() != null) {
            said.putIfAbsent(saidAsNull(), null);
        }
        said.putAll(others);
        writeMap(text, said, depth);
    }

    private static void writeMap(StringBuilder text, Map<?, ?> map, int depth) {
        char before = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(before);
            writeText(text, (String) entry.getKey());
            text.append(':');
            writeValue(text, entry.getValue(), depth + 1);
            before = ',';
        }
        text.append(before == '{' ? "{}" : "}");
    }

    private static void writeValue(StringBuilder text, Object value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("an order is not so deep: does something in otherField hold itself?");
        }
        if (value instanceof OrderPart) {
            ((OrderPart<?>) value).write(text, depth);
        } else if (value instanceof Map) {
            writeMap(text, (Map<?, ?>) value, depth);
        } else if (value instanceof Iterable) {
            char before = '[';
            for (Object entry : (Iterable<?>) value) {
                text.append(before);
                writeValue(text, entry, depth + 1);
                before = ',';
            }
            text.append(before == '[' ? "[]" : "]");
        } else if (value instanceof CharSequence) {
            writeText(text, value.toString());
        } else if (value == null || value instanceof Boolean || value instanceof Long || value instanceof Integer
                || value instanceof Short || value instanceof Byte) {
            text.append(value);
        } else {
            throw new IllegalArgumentException(
                    "an order has no " + value.getClass().getSimpleName() + ": amounts are whole cents");
        }
    }

    private static void writeText(StringBuilder text, String value) {
        text.append('"');
        for (int at = 0; at < value.length(); at++) {
            char letter = value.charAt(at);
            if (letter == '"' || letter == '\\') {
                text.append('\\').append(letter);
            } else if (letter < ' ') {
                text.append(String.format("\\u%04x", (int) letter));
            } else {
                text.append(letter);
            }
        }
        text.append('"');
    }
}
