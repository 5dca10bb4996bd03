import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.sequrapos.SequraPos;

/** The own tests of Java: every public method of the classes named here. After each, nothing is left over. */
final class OwnTests {

    private OwnTests() {
    }

    public static void main(String[] arguments) throws Exception {
        int passed = 0;
        int failed = 0;
        PrintWriter out = new PrintWriter(System.out, true);
        for (Method test : tests(arguments)) {
            try {
                test.invoke(test.getDeclaringClass().getDeclaredConstructor().newInstance());
                passed++;
            } catch (InvocationTargetException error) {
                failed++;
                out.println(test.getDeclaringClass().getName() + "." + test.getName());
                error.getCause().printStackTrace(out);
            }
            if (!Test.isCollected(() -> SequraPos.liveHandles() == 0)) {
                // The tests after it would have them too.
                failed++;
                out.println(test.getDeclaringClass().getName() + "." + test.getName() + " leaves handles over");
                break;
            }
        }
        out.println(passed + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    private static List<Method> tests(String[] wanted) {
        List<Method> tests = new ArrayList<>();
        for (Class<?> suite : Arrays.asList(Errors.class, Lifetimes.class, Loading.class, Texts.class, Threads.class, Types.class)) {
            for (Method method : suite.getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers())
                        && (wanted.length == 0 || Arrays.asList(wanted).contains(method.getName()))) {
                    tests.add(method);
                }
            }
        }
        tests.sort(Comparator.comparing(Method::getName));
        return tests;
    }
}
