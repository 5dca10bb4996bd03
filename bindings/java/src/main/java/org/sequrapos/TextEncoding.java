package org.sequrapos;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** How a client's texts go into the library and come out of it: the text_encoding of its configuration. */
final class TextEncoding {

    static final TextEncoding UTF_8 = new TextEncoding("UTF-8", StandardCharsets.UTF_8);

    /** Encodings of the Encoding Standard that Java has under another name. */
    private static final Map<String, String> JAVA_NAMES = new HashMap<>();

    static {
        JAVA_NAMES.put("Big5", "Big5-HKSCS");
        JAVA_NAMES.put("EUC-KR", "x-windows-949");
        JAVA_NAMES.put("GBK", "x-mswin-936");
        JAVA_NAMES.put("ISO-8859-8-I", "ISO-8859-8");
        JAVA_NAMES.put("Shift_JIS", "windows-31j");
        JAVA_NAMES.put("macintosh", "x-MacRoman");
        JAVA_NAMES.put("windows-874", "x-windows-874");
        JAVA_NAMES.put("x-mac-cyrillic", "x-MacUkraine");
    }

    private final String name;
    private final Charset charset;

    private TextEncoding(String name, Charset charset) {
        this.name = name;
        this.charset = charset;
    }

    /** The encoding of this name in the Encoding Standard. */
    static TextEncoding of(String name) {
        try {
            String known = JAVA_NAMES.get(name);
            return new TextEncoding(name, Charset.forName(known != null ? known : name));
        } catch (UnsupportedCharsetException | IllegalCharsetNameException error) {
            throw new IllegalArgumentException(
                    "Java does not know the text_encoding " + name + "; leave it out of the configuration", error);
        }
    }

    String name() {
        return name;
    }

    /** A text as the library takes it, its NUL at the end; null stays null. */
    byte[] text(String what, String text) {
        if (text == null) {
            return null;
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " has a NUL in it");
        }
        try {
            ByteBuffer bytes = charset.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(bytes.array(), bytes.limit() + 1);
        } catch (CharacterCodingException error) {
            throw new IllegalArgumentException(what + " has characters that " + name + " lacks", error);
        }
    }

    /** JSON as the library takes it: JSON can say in ASCII what the encoding lacks. */
    byte[] json(String what, String json) {
        return text(what, json == null || charset.newEncoder().canEncode(json) ? json : escaped(json));
    }

    private String escaped(String json) {
        CharsetEncoder encoder = charset.newEncoder();
        StringBuilder escaped = new StringBuilder();
        for (int at = 0; at < json.length(); at = json.offsetByCodePoints(at, 1)) {
            String character = json.substring(at, json.offsetByCodePoints(at, 1));
            if (encoder.canEncode(character)) {
                escaped.append(character);
            } else {
                character.chars().forEach(unit -> escaped.append(String.format("\\u%04x", unit)));
            }
        }
        return escaped.toString();
    }

    /** What the library says. */
    String plain(byte[] bytes) {
        CharsetDecoder decoder = charset.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate((int) Math.ceil(bytes.length * decoder.maxCharsPerByte()));
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isUnderflow()) {
                decoder.flush(out);
                out.flip();
                return out.toString();
            }
            // Where Java's table has a gap, the library's has the control character of that number.
            int bad = in.get() & 0xff;
            out.put(result.length() == 1 ? (char) bad : '\ufffd');
            in.position(in.position() + result.length() - 1);
        }
    }
}
