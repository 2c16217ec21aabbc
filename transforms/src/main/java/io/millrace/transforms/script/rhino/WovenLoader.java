package io.millrace.transforms.script.rhino;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Defines the engine's classes anew with {@link Guard} woven in, and those of this module that use them. Everything else comes from the
 * loader of this module, which also has the bytes.
 */
public final class WovenLoader extends ClassLoader {
    private static final String ENGINE = "org.mozilla.";
    private static final String INSIDE = WovenLoader.class.getPackageName() + ".inside.";

    static {
        registerAsParallelCapable();
    }

    WovenLoader(ClassLoader parent) {
        super("scripts", parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isOwn(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            Class<?> found = loaded == null ? define(name) : loaded;
            if (resolve) {
                resolveClass(found);
            }
            return found;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = bytes(name)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] woven = Weaver.weave(in.readAllBytes());
            return defineClass(name, woven, 0, woven.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /**
     * Initialises a class and all others of the engine that can be reached from it. A class that is initialised at the end of a stack, or
     * of memory, is broken for ever, so none is left to be initialised by a script.
     */
    void initialise(String first) {
        Set<String> seen = new HashSet<>(Set.of(first));
        Deque<String> waiting = new ArrayDeque<>(seen);
        while (!waiting.isEmpty()) {
            String name = waiting.remove();
            for (String reached : reached(name)) {
                if (isOwn(reached) && seen.add(reached)) {
                    waiting.add(reached);
                }
            }
            try {
                Class.forName(name, true, this);
            } catch (ClassNotFoundException | LinkageError e) {
                // Needs a library that is not there, so no script comes to it.
            }
        }
    }

    private List<String> reached(String name) {
        try (InputStream in = bytes(name)) {
            return in == null ? List.of() : Weaver.classesIn(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable InputStream bytes(String name) {
        return getParent().getResourceAsStream(name.replace('.', '/') + ".class");
    }

    private static boolean isOwn(String name) {
        return name.startsWith(ENGINE) || name.startsWith(INSIDE);
    }

    /** Weaves a class that was made at run time. */
    public static byte[] weave(byte[] bytes) {
        return Weaver.weave(bytes);
    }
}
