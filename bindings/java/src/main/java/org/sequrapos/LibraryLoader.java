package org.sequrapos;

import com.sun.jna.Native;
import java.io.File;

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
        String named = wanted != null ? wanted : named();
        String place = named == null ? "sequra_pos" : new File(named).getAbsolutePath();
        SequraPosLibrary opened;
        try {
            opened = Native.load(place, SequraPosLibrary.class);
        } catch (UnsatisfiedLinkError error) {
            throw failure("the sequra_pos library is not found; name it with the system property "
                    + "org.sequrapos.library, with the variable SEQURA_POS_LIBRARY, or with "
                    + "SequraPos.load(path). Tried: " + error.getMessage(), error);
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

    private static String named() {
        String property = System.getProperty("org.sequrapos.library", "");
        String named = property.isEmpty() ? System.getenv("SEQURA_POS_LIBRARY") : property;
        return named == null || named.isEmpty() ? null : named;
    }

    private static UnsatisfiedLinkError failure(String message, Throwable cause) {
        UnsatisfiedLinkError failure = new UnsatisfiedLinkError(message);
        failure.initCause(cause);
        return failure;
    }
}
