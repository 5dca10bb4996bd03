package org.sequrapos;

import com.sun.jna.Pointer;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Something that the library gave out, given back once: by its owner, or when the owner is
 * forgotten. What was forgotten is given back when the next handle is taken, so that it needs
 * neither a thread nor a finalizer.
 */
final class Handle extends PhantomReference<Object> {

    /** How it is given back. */
    interface Release {
        void release(Pointer pointer);
    }

    private static final ReferenceQueue<Object> FORGOTTEN = new ReferenceQueue<>();

    /** All that are not given back; a phantom reference that nothing refers to would not be told. */
    private static final Set<Handle> LIVING = ConcurrentHashMap.newKeySet();

    private final Pointer pointer;
    private final Release release;

    Handle(Object owner, Pointer pointer, Release release) {
        super(owner, FORGOTTEN);
        this.pointer = pointer;
        this.release = release;
        LIVING.add(this);
        releaseForgotten();
    }

    /** Gives back what nobody refers to any more. */
    static void releaseForgotten() {
        for (Reference<?> handle = FORGOTTEN.poll(); handle != null; handle = FORGOTTEN.poll()) {
            ((Handle) handle).release();
        }
    }

    /**
     * The owner is not forgotten before this. A call that has begun may be the last that needs it,
     * and the collector would not wait for the call's end.
     */
    static void keep(Object owner) {
        synchronized (owner) {
            return;
        }
    }

    /** Gives it back; twice does nothing. */
    void release() {
        if (LIVING.remove(this)) {
            clear();
            release.release(pointer);
        }
    }

    boolean isReleased() {
        return !LIVING.contains(this);
    }

    /** The pointer, as long as it is not given back. */
    Pointer get(String what) {
        if (isReleased()) {
            throw new ClosedException(what);
        }
        return pointer;
    }
}
