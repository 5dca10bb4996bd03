package org.sequrapos;

import com.sun.jna.Pointer;

/** The native library itself. */
public final class SequraPos {

    private SequraPos() {
    }

    /**
     * Loads the native library from this file: an absolute path. Without this call it is loaded when
     * it is first needed: from the file that the system property org.sequrapos.library names, or from
     * the folder of this jar or, where that has none, in development, from the file that the variable
     * SEQURA_POS_LIBRARY names.
     *
     * @throws UnsatisfiedLinkError it is not there, or of another version of the ABI
     * @throws IllegalStateException another one is loaded already
     */
    public static void load(String path) {
        LibraryLoader.load(path);
    }

    /** The ABI version of the loaded library; equals {@link SequraPosLibrary#ABI_VERSION}. */
    public static int abiVersion() {
        return LibraryLoader.library().sq_abi_version();
    }

    /** The loaded library's version: "1.2.3". */
    public static String version() {
        return text(LibraryLoader.library().sq_version());
    }

    /** How the library was built, as JSON: version, abi, target, features, sqlite, tls. */
    public static String buildInfo() {
        return text(LibraryLoader.library().sq_build_info());
    }

    /** The name of a status, "SQ_CONFLICT"; "SQ_UNKNOWN_STATUS" for a number that is none. */
    public static String statusName(int status) {
        return text(LibraryLoader.library().sq_status_name(status));
    }

    /** The thousand of a status, which says what kind it is; -1 for a number that is no status. */
    public static int statusClass(int status) {
        return LibraryLoader.library().sq_status_class(status);
    }

    /** How many clients, results and orders are in use: 0 when nothing leaked. */
    public static long liveHandles() {
        Handle.releaseForgotten();
        return LibraryLoader.library().sq_live_handles();
    }

    /** Gives a text back in /data/text, for testing. */
    public static Result echo(String text) throws SequraException {
        TextEncoding encoding = TextEncoding.UTF_8;
        byte[] bytes = encoding.text("text", text);
        return Result.of(encoding, out -> LibraryLoader.library().sq_echo(null, bytes, out));
    }

    private static String text(Pointer borrowed) {
        return borrowed.getString(0, "UTF-8");
    }
}
