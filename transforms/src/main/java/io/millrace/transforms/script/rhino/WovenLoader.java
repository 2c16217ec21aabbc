package io.millrace.transforms.script.rhino;

import java.io.IOException;
import java.io.InputStream;

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
        if (!name.startsWith(ENGINE) && !name.startsWith(INSIDE)) {
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
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] woven = Weaver.weave(in.readAllBytes());
            return defineClass(name, woven, 0, woven.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /** Weaves a class that was made at run time. */
    public static byte[] weave(byte[] bytes) {
        return Weaver.weave(bytes);
    }
}
