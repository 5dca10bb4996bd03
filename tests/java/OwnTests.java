import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import org.sequrapos.SequraPos;

/** The own tests of Java: every public method of the classes named here. After each, nothing is left over. */
final class OwnTests {

    private OwnTests() {
    }

    public static void main(String[] arguments) throws Exception {
        int passed = 0;
        int failed = 0;
        PrintWriter out = new PrintWriter(System.out, true);
        for (Class<?> suite : Arrays.asList(Errors.class, Lifetimes.class, Loading.class, Texts.class, Threads.class)) {
            Method[] tests = suite.getDeclaredMethods();
            Arrays.sort(tests, Comparator.comparing(Method::getName));
            for (Method test : tests) {
                if (!Modifier.isPublic(test.getModifiers())
                        || (arguments.length > 0 && !test.getName().equals(arguments[0]))) {
                    continue;
                }
                try {
                    test.invoke(suite.getDeclaredConstructor().newInstance());
                    Test.collectUntil("handles are left over", () -> SequraPos.liveHandles() == 0);
                    passed++;
                } catch (InvocationTargetException | AssertionError error) {
                    failed++;
                    out.println(suite.getName() + "." + test.getName());
                    (error instanceof AssertionError ? error : error.getCause()).printStackTrace(out);
                }
            }
        }
        out.println(passed + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }
}
