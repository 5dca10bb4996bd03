import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.sequrapos.SequraPos;
import org.sequrapos.SequraPosLibrary;

/** Where the native library is looked for, and what is loaded. */
final class Loading extends Test {

    private static final String LIBRARY = System.getenv("SEQURA_POS_LIBRARY");
    private static final Map<String, String> UNNAMED = Collections.singletonMap("SEQURA_POS_LIBRARY", null);

    /** Loads the library, from the place named if one is, and says its version. */
    static final class Loads {
        private Loads() {
        }

        public static void main(String[] place) {
            try {
                if (place.length > 0) {
                    SequraPos.load(place[0]);
                }
                System.out.print(SequraPos.version());
            } catch (UnsatisfiedLinkError error) {
                System.out.print(error.getMessage());
                System.exit(1);
            }
        }
    }

    private static String loads(int status, Map<String, String> environment, List<String> options, String... place)
            throws Exception {
        String[] program = new String[place.length + 1];
        program[0] = "Loading$Loads";
        System.arraycopy(place, 0, program, 1, place.length);
        return java(status, environment, options, program);
    }

    public void itCanBeNamed() throws Exception {
        String version = SequraPos.version();
        Map<String, String> wrong = Collections.singletonMap("SEQURA_POS_LIBRARY", "/not/there.so");
        same(version, loads(0, UNNAMED, Collections.emptyList(), LIBRARY));
        same(version, loads(0, Collections.singletonMap("SEQURA_POS_LIBRARY", LIBRARY), Collections.emptyList()));
        // The program's word goes before the property, and that before the variable.
        same(version, loads(0, wrong, Arrays.asList("-Dorg.sequrapos.library=" + LIBRARY)));
        same(version, loads(0, wrong, Arrays.asList("-Dorg.sequrapos.library=/not/there.so"), LIBRARY));
    }

    public void itIsFoundWhereJnaLooks() throws Exception {
        Path folder = Files.createTempDirectory("sequra");
        try {
            String name = System.mapLibraryName("sequra_pos");
            Path link = Files.createSymbolicLink(folder.resolve(name), Paths.get(LIBRARY));
            same(SequraPos.version(), loads(0, UNNAMED, Arrays.asList("-Djna.library.path=" + folder)));
            Files.delete(link);

            // In a jar, or a folder of the class path, by platform.
            Path platform = Files.createDirectory(folder.resolve(com.sun.jna.Platform.RESOURCE_PREFIX));
            link = Files.createSymbolicLink(platform.resolve(name), Paths.get(LIBRARY));
            String path = System.getProperty("java.class.path") + File.pathSeparator + folder;
            same(SequraPos.version(), loads(0, UNNAMED, Arrays.asList("-cp", path)));
            Files.delete(link);
            Files.delete(platform);
        } finally {
            Files.delete(folder);
        }
    }

    public void aNameThatLeadsNowhereIsSaid() throws Exception {
        String said = loads(1, UNNAMED, Collections.emptyList(), "/not/there.so");
        claim(said.contains("SEQURA_POS_LIBRARY") && said.contains("/not/there.so"), said);
        said = loads(1, UNNAMED, Collections.emptyList());
        claim(said.startsWith("the sequra_pos library is not found"), said);
    }

    public void anotherLibraryIsNotTakenForIt() throws Exception {
        // One of Java's own.
        String other = Paths.get(System.getProperty("java.home"), "lib", System.mapLibraryName("zip")).toString();
        same(other + " is not the sequra_pos library", loads(1, UNNAMED, Collections.emptyList(), other));
    }

    public void onlyOneIsLoaded() {
        same(SequraPosLibrary.ABI_VERSION, SequraPos.abiVersion());
        thrown(IllegalStateException.class, () -> SequraPos.load("/another/library.so"));
        claim(SequraPos.buildInfo().startsWith("{"), SequraPos.buildInfo());
    }

    public void thePackageHasTheLibrarysVersion() throws Exception {
        Path pom = Paths.get(System.getenv("SEQURA_POS_ROOT"), "bindings", "java", "pom.xml");
        String text = new String(Files.readAllBytes(pom), StandardCharsets.UTF_8);
        String version = "<version>" + SequraPos.version() + "</version>";
        claim(text.contains("<artifactId>sequra-pos</artifactId>\n  " + version), text);
    }
}
