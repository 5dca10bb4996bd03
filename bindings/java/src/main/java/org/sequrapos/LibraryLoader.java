package org.sequrapos;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.File;
import java.net.URISyntaxException;
import java.security.CodeSource;

/** Where the native library is; it is loaded once, when it is first needed. */
final class LibraryLoader {

    private static String path;
    private static volatile SequraPosLibrary library;

    private LibraryLoader() {
    }

    /** The native library. */
    static SequraPosLibrary library() {
        SequraPosLibrary loaded = library;
        return loaded != null ? loaded : load(null);
    }

    static synchronized SequraPosLibrary load(String wanted) {
        if (library == null) {
            library = open(wanted);
            path = wanted;
        } else if (wanted != null && !wanted.equals(path)) {
            throw new IllegalStateException("the library is loaded already; call load before all else");
        }
        return library;
    }

    private static SequraPosLibrary open(String wanted) {
        String place = place(wanted);
        SequraPosLibrary opened;
        try {
            opened = Native.load(checked(place), SequraPosLibrary.class);
        } catch (UnsatisfiedLinkError error) {
            throw failure("the sequra_pos library is not found; put " + names()[0] + " beside the jar, or name it "
                    + "with SequraPos.load(path), with the system property org.sequrapos.library or, in "
                    + "development, with the variable SEQURA_POS_LIBRARY: an absolute path. Tried: "
                    + error.getMessage(), error);
        }
        int version;
        try {
            version = opened.sq_abi_version();
        } catch (UnsatisfiedLinkError error) {
            throw failure(place + " is not the sequra_pos library", error);
        }
        // Another version of the ABI would be called wrongly, and nothing would say so.
        if (version != SequraPosLibrary.ABI_VERSION) {
            throw failure(place + " has version " + version + " of the ABI; these classes are for "
                    + SequraPosLibrary.ABI_VERSION, null);
        }
        return opened;
    }

    /**
     * An absolute path of a file. By its name alone, JNA and the system would look for it; a relative
     * path is another file's tomorrow; and of a file that is not there, JNA looks for others of its name.
     */
    private static String checked(String place) {
        if (place == null) {
            throw new UnsatisfiedLinkError("nothing");
        }
        if (!new File(place).isAbsolute()) {
            throw new UnsatisfiedLinkError(place + ": not an absolute path");
        }
        if (!new File(place).isFile()) {
            throw new UnsatisfiedLinkError(place + ": no such file");
        }
        return place;
    }

    /**
     * The one place where the library is to be, null where nobody knows one. Never where the system
     * looks: a library that somebody has put into the current folder, or into one of the PATH's, would
     * run with all that the till may do.
     */
    private static String place(String wanted) {
        String property = System.getProperty("org.sequrapos.library", "");
        if (wanted != null || !property.isEmpty()) {
            return wanted != null ? wanted : property;
        }
        File folder = folder();
        for (String name : names()) {
            // By platform, as win32-x86-64 and linux-x86-64, or there.
            File byPlatform = new File(new File(folder, Platform.RESOURCE_PREFIX), name);
            for (File beside : new File[] {byPlatform, new File(folder, name)}) {
                if (folder != null && beside.isFile()) {
                    return beside.getPath();
                }
            }
        }
        String variable = System.getenv("SEQURA_POS_LIBRARY");
        return variable == null || variable.isEmpty() ? null : variable;
    }

    /** The folder that the jar is in; null where it is not in one. */
    private static File folder() {
        CodeSource source = LibraryLoader.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? null : new File(source.getLocation().toURI()).getAbsoluteFile().getParentFile();
        } catch (URISyntaxException | IllegalArgumentException error) {
            // From the network, or from inside another archive.
            return null;
        }
    }

    private static String[] names() {
        String name = System.mapLibraryName("sequra_pos");
        return Platform.isLinux() ? new String[] {name, name + ".1"} : new String[] {name};
    }

    private static UnsatisfiedLinkError failure(String message, Throwable cause) {
        UnsatisfiedLinkError failure = new UnsatisfiedLinkError(message);
        failure.initCause(cause);
        return failure;
    }
}
