import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.sequrapos.InvalidCallException;
import org.sequrapos.InvalidOrderException;
import org.sequrapos.MachineException;
import org.sequrapos.Order;
import org.sequrapos.OrderBuilder;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;
import org.sequrapos.SequraPos;

/** Texts and numbers, on their way there and back. */
final class Texts extends Test {

    public void aNulIsRefusedAndNotCut() throws Exception {
        try (SequraClient till = SequraClient.open(config()); OrderBuilder order = new OrderBuilder(till)) {
            for (Action action : Arrays.<Action>asList(() -> till.echo("a\0b"), () -> SequraPos.echo("\0"),
                    () -> SequraClient.open("{\"a\": \"\0\"}"), () -> SequraClient.openFile("a\0b"),
                    () -> till.startSolicitation("{}\0"), () -> till.confirm("a", "{}\0"), () -> till.abandon("a\0"),
                    () -> till.setOrderRef("a", "b", "c\0"), () -> till.sendForm("a", "\0"), () -> till.log("{}\0"),
                    () -> order.set("/x\0", true), () -> order.set("/x", "\0"),
                    () -> order.addItem(null, "a\0", null, 1, 1, 1), () -> till.pending().text("/data\0"))) {
                String said = thrown(IllegalArgumentException.class, action).getMessage();
                claim(said.endsWith("has a NUL in it"), said);
            }
            same("{}", order.toJson());
        }
    }

    public void whatIsRequiredAndNullIsTheLibrarysToRefuse() throws Exception {
        try (SequraClient till = SequraClient.open(config())) {
            for (Action action : Arrays.<Action>asList(() -> till.echo(null), () -> till.startSolicitation(null),
                    () -> till.orderInfo(null), () -> SequraClient.open(null))) {
                same("SQ_INVALID_ARGUMENT", thrown(InvalidCallException.class, action).getStatusName());
            }
        }
    }

    public void whatTheEncodingLacksIsRefusedInATextAndEscapedInJson() throws Exception {
        try (SequraClient till = SequraClient.open(config("\"text_encoding\": \"windows-1252\""))) {
            String said = thrown(IllegalArgumentException.class, () -> till.echo("Жук")).getMessage();
            same("text has characters that windows-1252 lacks", said);
            InvalidOrderException error = thrown(InvalidOrderException.class,
                    () -> till.startSolicitation("{\"Жук 漢字 😀 ñ\": 1}"));
            String warned = error.getResult().getJson();
            claim(warned.contains("/\\u0416\\u0443\\u043a \\u6f22\\u5b57 \\ud83d\\ude00 ñ"), warned);
        }
        // Half of a character is none in any encoding.
        thrown(IllegalArgumentException.class, () -> SequraPos.echo("\ud800"));
    }

    /** The Encoding Standard's, but for those that cannot be C strings. */
    private static final List<String> ENCODINGS = Arrays.asList(("UTF-8 IBM866 ISO-8859-2 ISO-8859-3 ISO-8859-4 "
            + "ISO-8859-5 ISO-8859-6 ISO-8859-7 ISO-8859-8 ISO-8859-8-I ISO-8859-13 ISO-8859-15 ISO-8859-16 KOI8-R "
            + "KOI8-U macintosh windows-874 windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 "
            + "windows-1255 windows-1256 windows-1257 windows-1258 x-mac-cyrillic GBK gb18030 Big5 EUC-JP Shift_JIS "
            + "EUC-KR").split(" "));

    private static final List<String> WORDS = Arrays.asList("Íñigo", "Žofia", "Жук", "Γιώργος", "שלום", "مرحبا", "สวัสดี",
            "漢字", "汉字", "한글", "3 €");

    public void everyEncodingThatAConfigurationCanName() throws Exception {
        for (String name : ENCODINGS) {
            try (SequraClient till = SequraClient.open(config("\"text_encoding\": \"" + name + "\""))) {
                same(name, till.getTextEncoding());
                int held = 0;
                for (String word : WORDS) {
                    if (name.equals("EUC-JP") && !word.equals("漢字")) {
                        continue; // the standard reads more of EUC-JP than it writes
                    }
                    Result echoed;
                    try {
                        echoed = till.echo(word);
                    } catch (IllegalArgumentException lacked) {
                        continue;
                    }
                    held++;
                    same(name + word, name + echoed.text("/data/text"));
                    claim(echoed.getJson().contains(word), name);
                }
                claim(held > 0, name);
            }
        }
    }

    public void anEncodingThatJavaLacksIsSaid() throws Exception {
        String said = thrown(IllegalArgumentException.class,
                () -> SequraClient.open(config("\"text_encoding\": \"ISO-8859-10\""))).getMessage();
        same("Java does not know the text_encoding ISO-8859-10; leave it out of the configuration", said);
    }

    public void everyByteOfWindows1252() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int point = 1; point < 256; point++) {
            String character = new String(new byte[] {(byte) point}, "windows-1252");
            all.append(character.equals("\ufffd") ? "" : character);
        }
        try (SequraClient till = SequraClient.open(config("\"text_encoding\": \"windows-1252\""))) {
            same(250, all.length());
            same(all.toString(), till.echo(all.toString()).text("/data/text"));
            // The five that Java's table has no character for come as the library has them.
            String gaps = "\u0081\u008d\u008f\u0090\u009d";
            String warned = thrown(InvalidOrderException.class, () -> till.startSolicitation("{\"" + gaps + "\": 1}"))
                    .getResult().getWarnings().toString();
            claim(warned.contains(gaps), warned);
        }
    }

    public void aTillInWindows1252SellsToInigo() throws Exception {
        String spanish;
        try (SequraClient till = SequraClient.open(config("\"language\": \"es\""))) {
            spanish = till.pending().getOperatorMessage();
        }
        String windows = config("\"language\": \"es\"", "\"text_encoding\": \"windows-1252\"");
        try (SequraClient till = SequraClient.open(windows)) {
            same(spanish, till.pending().getOperatorMessage());
            Order order = till.startSolicitation(order(till, "Caja nº 7-Ñ")).getOrder();
            String received = simulator("GET", "orders/" + order.getUuid(), null);
            for (String text : Arrays.asList("\"Íñigo\"", "\"Muñoz Güell\"", "\"C/ de la Concepción 3, 1º\"",
                    "\"Caja nº 7-Ñ\"", "\"Camisa de algodón añil\"")) {
                claim(received.contains(text), received);
            }
            same("Caja nº 7-Ñ", order.getOrderRef1());
            String said = till.sendForm(order.getUrl(), "pp3").getOperatorMessage();
            claim(said.matches("(?s).*[áéíóúñ¿¡].*") && !said.contains("\ufffd"), said);
        }
    }

    public void aFailedOpeningIsInItsEncodingToo() {
        String place = "/no hay tal carpeta, señor/journal";
        MachineException error = thrown(MachineException.class, () -> SequraClient.open(
                config("\"text_encoding\": \"windows-1252\"", "\"journal\": \"" + place + "\"")));
        claim(error.getErrors().get(0).getMessage().contains("/no hay tal carpeta, señor"), error);
    }

    public void aConfigurationFileWithANameOfAnyKind() throws Exception {
        Path folder = Files.createTempDirectory("sequra");
        Files.write(folder.resolve("till.json"), config().getBytes(StandardCharsets.UTF_8));
        // Java's own names of files are the platform's, whatever that is here; so a shell copies it.
        String copy = "cp till.json \"$(printf 'se\\303\\261or \\346\\274\\242.json')\"";
        same(0, new ProcessBuilder("sh", "-c", copy).directory(folder.toFile()).start().waitFor());
        for (String name : Arrays.asList("till.json", "señor 漢.json")) {
            try (SequraClient till = SequraClient.openFile(folder + "/" + name)) {
                same(0L, till.getOpened().number("/data/journal/pending"));
            }
        }
        same(0, new ProcessBuilder("rm", "-r", folder.toString()).start().waitFor());
    }

    /** The program of the next test. */
    static final class Echoes {
        private Echoes() {
        }

        public static void main(String[] config) throws Exception {
            String text = "\u00cd\u00f1igo \u20ac \ud83d\ude00";
            claim(text.equals(SequraPos.echo(text).text("/data/text")), "UTF-8");
            claim(SequraPos.buildInfo().contains("\"abi\""), SequraPos.buildInfo());
            try (SequraClient till = SequraClient.open(config[0])) {
                claim(text.equals(till.echo(text).text("/data/text")), "a client");
            }
        }
    }

    public void thePlatformsEncodingHasNoSay() throws Exception {
        for (String encoding : Arrays.asList("US-ASCII", "ISO-8859-1")) {
            same("", java(0, Collections.singletonMap("LC_ALL", "C"),
                    Arrays.asList("-Dfile.encoding=" + encoding, "-Djna.encoding=" + encoding), "Texts$Echoes",
                    config()));
        }
    }

    public void numbersOf64Bits() throws Exception {
        try (OrderBuilder order = new OrderBuilder()) {
            order.set("/least", Long.MIN_VALUE).set("/most", Long.MAX_VALUE).set("/yes", true).set("/no", false)
                    .addItem("product", "x", null, 1L << 32, -(1L << 33), (1L << 34) + 1);
            String json = order.toJson();
            for (String wanted : Arrays.asList("-9223372036854775808", "9223372036854775807", "\"yes\":true",
                    "\"no\":false", "\"quantity\":4294967296", "\"price_with_tax\":-8589934592",
                    "\"total_with_tax\":17179869185")) {
                claim(json.contains(wanted), json);
            }
            same("9223372036854775807", order.toJson("/most"));
            claim(order.toJson("/cart/items").startsWith("[{"), order.toJson("/cart/items"));
            same("SQ_INVALID_ARGUMENT",
                    thrown(InvalidCallException.class, () -> order.toJson("/not/there")).getStatusName());
        }
        try (SequraClient till = SequraClient.open(config())) {
            till.startSolicitation(order(till, null));
            Long entry = till.log().number("/data/entries/0/id");
            same("SQ_OK", till.logDismiss(entry).getStatusName());
            thrown(InvalidCallException.class, () -> till.logDismiss(entry + (1L << 32)));
        }
    }

    public void aValueIsReadAsWhatItIs() throws Exception {
        try (SequraClient till = SequraClient.open(config())) {
            Result result = till.echo("null and void");
            same("null and void", result.text("/data/text"));
            same("null", result.value("/order"));
            same(null, result.text("/order"));
            same(null, result.text("/not/there"));
            same(null, result.number("/data/text"));
            same(13L, result.number("/data/bytes"));
            same(0, result.size("/errors"));
            same(0, result.size("/not/there"));
            same("SQ_INVALID_ARGUMENT",
                    thrown(InvalidCallException.class, () -> result.value("/not/there")).getStatusName());
            same(result.getJson().length(), result.value("").length());
        }
    }

    /** Every method of the layer that takes JSON knows that it is JSON: what the encoding lacks is escaped. */
    public void everythingThatIsJsonMaySayAll() throws Exception {
        try (SequraClient till = SequraClient.open(config("\"text_encoding\": \"windows-1252\""))) {
            int asked = 0;
            for (Method method : SequraClient.class.getMethods()) {
                int last = method.getParameterCount() - 1;
                if (last < 0 || method.getReturnType() != Result.class
                        || !Arrays.asList("startSolicitation", "hold", "confirm", "updateOrder", "ship", "refund",
                                "sendDeliveryReport", "log").contains(method.getName())
                        || (last == 0 && !Arrays.asList("startSolicitation", "sendDeliveryReport", "log")
                                .contains(method.getName()))) {
                    continue;
                }
                Object[] arguments = new Object[last + 1];
                Arrays.fill(arguments, "5a1c7d2e-8f1b-4c55-9f0e-3f6d7f1f2a10");
                arguments[last] = "{\"Жук\": [\"漢字\"]}";
                Throwable error = trouble(() -> method.invoke(till, arguments));
                claim(error != null && error.getCause() instanceof SequraException, method + ": " + error);
                asked++;
            }
            same(8, asked);
        }
    }
}
