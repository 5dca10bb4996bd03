import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.sequrapos.ItemType;
import org.sequrapos.OrderBuilder;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;

/** What the own tests have in common. */
abstract class Test {

    static final String SIMULATOR = System.getenv("SEQURA_SIMULATOR_URL");
    static final String INIGO = "Íñigo Muñoz Güell, C/ de la Concepción 3, 1º";

    /** What may go wrong. */
    interface Action {
        void act() throws Exception;
    }

    // ---- claims

    static void claim(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    static void same(Object wanted, Object found) {
        claim(Objects.equals(wanted, found), "wanted " + wanted + ", found " + found);
    }

    /** It throws just this, or a subclass. */
    static <T extends Throwable> T thrown(Class<T> wanted, Action action) {
        try {
            action.act();
        } catch (Throwable error) {
            if (wanted.isInstance(error)) {
                return wanted.cast(error);
            }
            throw new AssertionError("wanted " + wanted, error);
        }
        throw new AssertionError("wanted " + wanted + ", and nothing was thrown");
    }

    /** Collects what is forgotten until this holds; false if it never does. */
    static boolean isCollected(BooleanSupplier holds) throws InterruptedException {
        for (int round = 0; !holds.getAsBoolean(); round++) {
            if (round == 500) {
                return false;
            }
            System.gc();
            Thread.sleep(round < 10 ? 1 : 20);
        }
        return true;
    }

    /** Calls all at once, each in a thread of its own; throws what one throws. */
    static void together(List<Action> actions) throws Exception {
        List<Throwable> errors = new ArrayList<>();
        CountDownLatch gate = new CountDownLatch(actions.size());
        List<Thread> threads = new ArrayList<>();
        for (Action action : actions) {
            Thread thread = new Thread(() -> {
                try {
                    gate.countDown();
                    gate.await();
                    action.act();
                } catch (Throwable error) {
                    synchronized (errors) {
                        errors.add(error);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.MINUTES.toMillis(2));
            claim(!thread.isAlive(), "a thread does not end");
        }
        if (!errors.isEmpty()) {
            throw new AssertionError("in a thread", errors.get(0));
        }
    }

    // ---- a till and its seQura

    /** A configuration for the simulator, with these members too: "\"language\": \"es\"". */
    static String config(String... more) {
        return "{\"base_url\": \"" + SIMULATOR + "\", \"account_key\": \"sandbox_key\", "
                + "\"account_secret\": \"sandbox_secret\", \"merchant_id\": \"shop_es\", \"proxy\": \"none\""
                + (String.join("", more).contains("\"journal\"") ? "" : ", \"journal\": \":memory:\"")
                + (more.length == 0 ? "" : ", " + String.join(", ", more)) + "}";
    }

    /** An order of one shirt for Íñigo, whose number is this; null: none yet. */
    static String order(SequraClient till, String orderRef1) throws SequraException {
        try (OrderBuilder order = new OrderBuilder(till)) {
            order.addItem(ItemType.PRODUCT, "CAM-01", "Camisa de algodón añil", 2, 3000, 6000)
                    .set("/cart/currency", "EUR")
                    .set("/cart/gift", false)
                    .set("/cart/order_total_with_tax", 6000)
                    .set("/delivery_method/name", "Recogida en tienda")
                    .set("/customer/given_names", "Íñigo")
                    .set("/customer/surnames", "Muñoz Güell")
                    .set("/customer/email", "inigo.munoz@example.es")
                    .set("/customer/logged_in", "unknown")
                    .set("/customer/language_code", "es-ES")
                    .set("/customer/ip_number", "127.0.0.1")
                    .set("/customer/user_agent", "till")
                    .set("/gui/layout", "desktop");
            for (String address : Arrays.asList("/delivery_address", "/invoice_address")) {
                order.set(address + "/given_names", "Íñigo")
                        .set(address + "/surnames", "Muñoz Güell")
                        .set(address + "/company", "")
                        .set(address + "/address_line_1", "C/ de la Concepción 3, 1º")
                        .set(address + "/address_line_2", "")
                        .set(address + "/postal_code", "28001")
                        .set(address + "/city", "Madrid")
                        .set(address + "/country_code", "ES")
                        .set(address + "/mobile_phone", "666666666");
            }
            for (String name : Arrays.asList("name", "version", "uname", "db_name", "db_version")) {
                order.set("/platform/" + name, "test");
            }
            if (orderRef1 != null) {
                order.set("/merchant_reference/order_ref_1", orderRef1);
            }
            return order.toJson();
        }
    }

    /** The simulator's control interface; its answer as it is. */
    static String simulator(String method, String path, String body) {
        try {
            URL url = new URL(SIMULATOR + "/_sandbox/" + path);
            HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
            connection.setRequestMethod(method);
            if (body != null) {
                connection.setDoOutput(true);
                connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            }
            try (InputStream in = connection.getInputStream()) {
                return text(in);
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    static void approve(String uuid) {
        simulator("POST", "orders/" + uuid + "/approve", "");
    }

    private static String text(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
            bytes.write(some, 0, count);
        }
        return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
    }

    // ---- programs of their own

    /** Runs a class of the tests in a Java of its own, and says what it said; it must end with this status. */
    static String java(int wanted, Map<String, String> environment, List<String> options, String... program)
            throws Exception {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(options);
        if (!options.contains("-cp")) {
            command.addAll(Arrays.asList("-cp", System.getProperty("java.class.path")));
        }
        command.addAll(Arrays.asList(program));
        Path said = Files.createTempFile("sequra", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            environment.forEach((name, value) -> {
                if (value == null) {
                    builder.environment().remove(name);
                } else {
                    builder.environment().put(name, value);
                }
            });
            Process process = builder.start();
            process.getOutputStream().close();
            claim(process.waitFor(2, TimeUnit.MINUTES), "it does not end");
            String text = new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
            claim(process.exitValue() == wanted, process.exitValue() + ": " + text);
            return text;
        } finally {
            Files.delete(said);
        }
    }

    /** What a call throws that must not be done, or null. */
    static Throwable trouble(Callable<?> call) {
        try {
            call.call();
            return null;
        } catch (Throwable error) {
            return error;
        }
    }
}
