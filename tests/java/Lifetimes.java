import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.sequrapos.ClosedException;
import org.sequrapos.OrderBuilder;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;
import org.sequrapos.SequraPos;

/** Closing, freeing, and being forgotten. */
final class Lifetimes extends Test {

    public void closedTwiceAndUsedAfterwards() throws Exception {
        SequraClient till = SequraClient.open(config());
        OrderBuilder order = new OrderBuilder(till);
        Result result = till.echo("x");
        Result opened = till.getOpened();
        claim(!till.isClosed(), "it is open");
        for (int times = 0; times < 2; times++) {
            till.close();
            order.close();
            result.free();
        }
        claim(till.isClosed(), "it is closed");
        same(0L, SequraPos.liveHandles());
        same("a freed result", result.toString());
        // Every method but those that say whether it is closed, and of what kind it was.
        int refused = refusesAll(till, "close", "isClosed", "getOpened", "getTextEncoding")
                + refusesAll(order, "close") + refusesAll(result, "free", "toString")
                + refusesAll(opened, "free", "toString");
        claim(refused > 60, refused);
        thrown(ClosedException.class, () -> new OrderBuilder(till));
        same(0L, SequraPos.liveHandles());
    }

    private static int refusesAll(Object closed, String... but) throws Exception {
        int refused = 0;
        for (Method method : closed.getClass().getDeclaredMethods()) {
            boolean isStatic = Modifier.isStatic(method.getModifiers());
            if (!Modifier.isPublic(method.getModifiers()) || isStatic
                    || Arrays.asList(but).contains(method.getName())) {
                continue;
            }
            Object[] arguments = new Object[method.getParameterCount()];
            for (int at = 0; at < arguments.length; at++) {
                Class<?> type = method.getParameterTypes()[at];
                arguments[at] = type == long.class ? (Object) 1L : type == int.class ? (Object) 32
                        : type == boolean.class ? (Object) true : "/x";
            }
            Throwable error = thrown(InvocationTargetException.class, () -> method.invoke(closed, arguments));
            claim(error.getCause() instanceof ClosedException, method + ": " + error.getCause());
            refused++;
        }
        return refused;
    }

    public void resultsStayWhenTheirClientIsClosed() throws Exception {
        SequraClient till = SequraClient.open(config("\"text_encoding\": \"windows-1252\""));
        Result result = till.echo(INIGO);
        till.close();
        same(INIGO, result.text("/data/text"));
    }

    public void collectedInAnyOrder() throws Exception {
        Random chance = new Random(Long.parseLong(System.getenv("SEQURA_SEED")));
        List<Object> things = new ArrayList<>();
        for (int round = 0; round < 300; round++) {
            SequraClient till = SequraClient.open(config());
            things.addAll(Arrays.asList(till, till.echo(INIGO), new OrderBuilder(till), till.pending(),
                    new OrderBuilder().set("/x", round), SequraPos.echo("x")));
            things.add(trouble(() -> till.confirm("5a1c7d2e-8f1b-4c55-9f0e-3f6d7f1f2a10")));
            while (things.size() > 50) {
                things.remove(chance.nextInt(things.size()));
            }
            if (chance.nextInt(30) == 0) {
                System.gc();
            }
        }
        // What is still held is still good.
        for (Object thing : things) {
            if (thing instanceof Result) {
                same("SQ_OK", ((Result) thing).getStatusName());
            } else if (thing instanceof OrderBuilder) {
                ((OrderBuilder) thing).set("/y", true);
            } else if (thing instanceof SequraClient) {
                ((SequraClient) thing).pending();
            }
        }
        Collections.shuffle(things, chance);
        while (!things.isEmpty()) {
            things.remove(things.size() - 1);
        }
        claim(isCollected(() -> SequraPos.liveHandles() == 0), "some handles stay");
    }

    public void whatIsForgottenIsGivenBackWithTheNextHandle() throws Exception {
        for (int round = 0; round < 2000; round++) {
            new OrderBuilder();
        }
        // Nobody asks for the number of handles meanwhile; orders alone do it.
        List<Object> kept = new ArrayList<>();
        boolean given = isCollected(() -> {
            kept.add(trouble(() -> new OrderBuilder()));
            return handlesAsTheLibraryCounts() < 1000;
        });
        claim(given, "2000 orders stay");
    }

    /** Without SequraPos, which gives back what is forgotten before it counts. */
    private static long handlesAsTheLibraryCounts() {
        try {
            Class<?> loader = Class.forName("org.sequrapos.LibraryLoader");
            Method library = loader.getDeclaredMethod("library");
            library.setAccessible(true);
            return ((org.sequrapos.SequraPosLibrary) library.invoke(null)).sq_live_handles();
        } catch (ReflectiveOperationException error) {
            throw new AssertionError(error);
        }
    }

    /** The program of the next test: a client that nothing refers to but the call that it is in. */
    static final class HoldsNoClient {
        private HoldsNoClient() {
        }

        public static void main(String[] config) throws Exception {
            AtomicReference<Result> answer = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    answer.set(SequraClient.open(config[0]).checkCredentials());
                } catch (SequraException error) {
                    throw new AssertionError(error);
                }
            });
            caller.start();
            long least = Long.MAX_VALUE;
            while (caller.isAlive()) {
                // The call is under way: it has met the fault, and when it was counted its answer was not there.
                boolean asked = simulator("GET", "faults", null).contains("[]");
                System.gc();
                long living = SequraPos.liveHandles();
                if (asked && answer.get() == null) {
                    least = Math.min(least, living);
                }
                Thread.sleep(20);
            }
            same("SQ_OK", answer.get().getStatusName());
            claim(least != Long.MAX_VALUE, "the call was never seen under way");
            claim(least >= 1, "the client was closed while it was called");
        }
    }

    public void aClientThatNobodyHoldsStaysUntilItsCallIsBack() throws Exception {
        simulator("POST", "faults", "{\"kind\": \"delay\", \"ms\": 2000}");
        // Only in compiled code does a variable end with its last use.
        java(0, Collections.emptyMap(), Arrays.asList("-Xcomp", "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=compileonly,org.sequrapos.*::*"),
                "Lifetimes$HoldsNoClient", config());
    }

    public void aClientThatDoesNotOpenLeavesNothing() throws Exception {
        for (String wrong : Arrays.asList("{}", "{", config("\"journal\": \"/is/not/there/journal\""))) {
            SequraException error = thrown(SequraException.class, () -> SequraClient.open(wrong));
            claim(!error.getErrors().isEmpty(), error);
            claim(error.getResult().getJson().contains("client_open"), error);
            error.getResult().free();
            // The exception keeps its words.
            claim(!error.getErrors().get(0).getMessage().isEmpty(), error);
        }
        SequraException error = thrown(SequraException.class, () -> SequraClient.openFile("is-not-there.json"));
        same("file_unreadable", error.getCode());
        error.getResult().free();
        same(0L, SequraPos.liveHandles());
    }

    /** The program of the next test: everything is left open. */
    static final class LeavesAllOpen {
        static final List<Object> LEFT = new ArrayList<>();

        private LeavesAllOpen() {
        }

        public static void main(String[] config) throws Exception {
            SequraClient till = SequraClient.open(config[0]);
            LEFT.addAll(Arrays.asList(till, till.pending(), new OrderBuilder(till)));
            Runtime.getRuntime().addShutdownHook(new Thread(till::close));
        }
    }

    public void whatIsLeftOpenAtTheEndOfTheProgramIsNoTrouble() throws Exception {
        same("", java(0, Collections.emptyMap(), Collections.emptyList(), "Lifetimes$LeavesAllOpen", config()));
    }
}
