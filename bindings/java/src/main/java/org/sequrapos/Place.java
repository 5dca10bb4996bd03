package org.sequrapos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A place in a result, from which the classes of {@link Data} read. */
final class Place {

    private final Result result;
    private final String pointer;

    private Place(Result result, String pointer) {
        this.result = result;
        this.pointer = pointer;
    }

    /** The data, where this is a result of one of these calls and has any; null elsewhere. */
    static <T> T data(Result result, Function<Place, T> make, String... operations) {
        boolean isOne = Arrays.asList(operations).contains(result.getOperation());
        return isOne ? new Place(result, "").object("data", make) : null;
    }

    Place at(String name) {
        return new Place(result, pointer + "/" + name.replace("~", "~0").replace("/", "~1"));
    }

    String textOrNull(String name) {
        return result.text(pointer + "/" + name);
    }

    Long numberOrNull(String name) {
        return result.number(pointer + "/" + name);
    }

    Boolean flagOrNull(String name) {
        String said = textOrNull(name);
        return said == null ? null : Boolean.valueOf(said);
    }

    String text(String name) {
        return there(name, textOrNull(name));
    }

    long number(String name) {
        return there(name, numberOrNull(name));
    }

    boolean flag(String name) {
        return there(name, flagOrNull(name));
    }

    private <T> T there(String name, T value) {
        if (value == null) {
            throw new IllegalStateException(
                    "there is no " + pointer + "/" + name + ": the library is of another version than these classes");
        }
        return value;
    }

    /** What stands at the name, or null. */
    <T> T object(String name, Function<Place, T> make) {
        return textOrNull(name) == null ? null : make.apply(at(name));
    }

    Problem problem() {
        return new Problem(result, pointer);
    }

    Long asNumber() {
        return result.number(pointer);
    }

    List<String> texts(String name) {
        return list(name, place -> result.text(place.pointer));
    }

    <T> List<T> list(String name, Function<Place, T> make) {
        List<T> list = new ArrayList<>();
        String entries = pointer + "/" + name;
        for (int at = 0, size = result.size(entries); at < size; at++) {
            list.add(make.apply(new Place(result, entries + "/" + at)));
        }
        return Collections.unmodifiableList(list);
    }

    /** The values of an object whose names differ, by these. */
    <T> Map<String, T> map(String name, Function<Place, T> make) {
        return at(name).asMap(make);
    }

    <T> Map<String, T> asMap(Function<Place, T> make) {
        Map<String, T> map = new LinkedHashMap<>();
        for (String name : names(result.text(pointer))) {
            map.put(name, make.apply(at(name)));
        }
        return Collections.unmodifiableMap(map);
    }

    /** The names in a JSON object, those of objects in it left out. */
    private static List<String> names(String json) {
        List<String> names = new ArrayList<>();
        int depth = 0;
        for (int at = 0; at < json.length(); at++) {
            char letter = json.charAt(at);
            if (letter == '{' || letter == '[') {
                depth++;
            } else if (letter == '}' || letter == ']') {
                depth--;
            } else if (letter == '"') {
                StringBuilder text = new StringBuilder();
                at = quoted(json, at, text);
                if (depth == 1 && at + 1 < json.length() && json.charAt(at + 1) == ':') {
                    names.add(text.toString());
                }
            }
        }
        return names;
    }

    /** Reads the text that begins here; where its last quote is. */
    private static int quoted(String json, int begin, StringBuilder text) {
        int at = begin + 1;
        for (; json.charAt(at) != '"'; at++) {
            char letter = json.charAt(at);
            if (letter == '\\') {
                at++;
                letter = json.charAt(at);
                int escape = "bfnrt".indexOf(letter);
                if (letter == 'u') {
                    letter = (char) Integer.parseInt(json.substring(at + 1, at + 5), 16);
                    at += 4;
                } else if (escape >= 0) {
                    letter = "\b\f\n\r\t".charAt(escape);
                }
            }
            text.append(letter);
        }
        return at;
    }
}
