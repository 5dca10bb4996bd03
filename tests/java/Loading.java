import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sequrapos.SequraPos;
import org.sequrapos.SequraPosLibrary;

/** Where the native library is looked for, and what is loaded. */
final class Loading extends Test {

    private static final String LIBRARY = System.getenv("SEQURA_POS_LIBRARY");
    private static final String NAME = System.mapLibraryName("sequra_pos");
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

    /** A folder that goes with all that is in it. */
    private static final class Folder implements AutoCloseable {
        final Path path = Files.createTempDirectory("sequra");

        Folder() throws IOException {
        }

        @Override
        public void close() throws IOException {
            try (Stream<Path> all = Files.walk(path)) {
                all.sorted(Comparator.reverseOrder()).forEach(one -> one.toFile().delete());
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

    /** A copy of the jar in this folder, on the class path in the place of the one that is there now. */
    private static String jarIn(Path folder) throws Exception {
        String path = System.getProperty("java.class.path");
        String jar = Arrays.stream(path.split(File.pathSeparator)).filter(one -> one.endsWith("sequra-pos.jar"))
                .findFirst().get();
        Path copy = folder.resolve("sequra-pos.jar");
        Files.copy(Paths.get(jar), copy);
        return path.replace(jar, copy.toString());
    }

    public void itIsFoundBesideTheJar() throws Exception {
        try (Folder folder = new Folder()) {
            String path = jarIn(folder.path);
            Path platform = Files.createDirectory(folder.path.resolve(com.sun.jna.Platform.RESOURCE_PREFIX));
            Map<String, String> wrong = Collections.singletonMap("SEQURA_POS_LIBRARY", "/not/there.so");
            for (Path place : new Path[] {folder.path, platform}) {
                Path link = Files.createSymbolicLink(place.resolve(NAME), Paths.get(LIBRARY));
                // The variable is for those who have none.
                same(SequraPos.version(), loads(0, wrong, Arrays.asList("-cp", path)));
                Files.delete(link);
            }
            claim(loads(1, wrong, Arrays.asList("-cp", path)).endsWith("Tried: /not/there.so: no such file"), path);
        }
    }

    /** A library that somebody has put where JNA and the system look. */
    public void itIsNotFoundElsewhere() throws Exception {
        try (Folder folder = new Folder()) {
            Path platform = Files.createDirectory(folder.path.resolve(com.sun.jna.Platform.RESOURCE_PREFIX));
            for (Path place : new Path[] {folder.path, platform}) {
                for (String name : new String[] {NAME, NAME + ".1", "sequra_pos"}) {
                    Files.createSymbolicLink(place.resolve(name), Paths.get(LIBRARY));
                }
            }
            for (String named : new String[] {null, "sequra_pos", NAME, "./" + NAME, "/not/" + NAME}) {
                Map<String, String> environment = new HashMap<>();
                environment.put("SEQURA_POS_LIBRARY", named);
                environment.put("LD_LIBRARY_PATH", folder.path.toString());
                environment.put("PATH", folder.path + File.pathSeparator + System.getenv("PATH"));
                String path = System.getProperty("java.class.path") + File.pathSeparator + folder.path;
                List<String> options = Arrays.asList("-cp", path, "-Djna.library.path=" + folder.path,
                        "-Djava.library.path=" + folder.path, "-Duser.dir=" + folder.path);
                String reason = named == null ? "nothing"
                        : named + (named.startsWith("/") ? ": no such file" : ": not an absolute path");
                String said = loads(1, environment, options);
                claim(said.endsWith("Tried: " + reason), said);
                if (named != null) {
                    said = loads(1, environment, options, named);
                    claim(said.endsWith("Tried: " + reason), said);
                }
            }
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
