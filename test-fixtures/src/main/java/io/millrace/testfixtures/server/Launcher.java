package io.millrace.testfixtures.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Runs another class's main, and halts the JVM at once when its standard input ends.
 *
 * <p>The other end of that input is held by the JVM that started this one, so the operating system ends it however
 * that JVM goes away. Uses nothing but the JDK: it is on the class path of every server.
 */
final class Launcher {

    private static final int ORPHANED = 86;

    private Launcher() {}

    /** Arguments: the main class, then its arguments. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watch = new Thread(() -> haltAtEndOf(System.in), "halt-at-end-of-input");
        watch.setDaemon(true);
        watch.start();
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
    }

    private static void haltAtEndOf(InputStream input) {
        try {
            input.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("standard input is gone: " + e);
        }
        Runtime.getRuntime().halt(ORPHANED);
    }
}
