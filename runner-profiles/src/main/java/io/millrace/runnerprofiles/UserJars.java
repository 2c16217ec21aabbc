package io.millrace.runnerprofiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

/**
 * Jars of a user's own, whose classes are found beside those that are here.
 *
 * <p>In this process they are found by the context class loader of the thread that has loaded them, and of threads that it starts; on a
 * cluster in the one jar, which then contains them.
 */
public final class UserJars {
    private static final FileTime NO_TIME = FileTime.fromMillis(0); // the same jars make the same jar

    private final List<Path> jars;

    private UserJars(List<Path> jars) {
        this.jars = List.copyOf(jars);
    }

    /**
     * The jars of some files.
     *
     * @throws OptionsRefused if one of them is none: with every problem
     */
    public static UserJars of(List<Path> files) {
        List<String> problems = files.stream()
                .filter(file -> !Files.isRegularFile(file) || !isJar(file))
                .map(file -> "--jars: must be jars that can be read, but was " + file)
                .toList();
        if (!problems.isEmpty()) {
            throw new OptionsRefused(problems);
        }
        return new UserJars(files);
    }

    private static boolean isJar(Path file) {
        try (FileSystem jar = FileSystems.newFileSystem(file)) {
            return jar.isOpen();
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** Lets the calling thread, and those that it starts, find their classes. */
    public void load() {
        if (!jars.isEmpty()) {
            Thread thread = Thread.currentThread();
            thread.setContextClassLoader(new Loader(jars, thread.getContextClassLoader()));
        }
    }

    /** A jar that has these within it, where Flink looks for libraries; where there are none, the jar itself. */
    public Path within(Path jar) {
        if (jars.isEmpty()) {
            return jar;
        }
        try {
            Path folder = Files.createTempDirectory("millrace-jars-");
            Path whole = folder.resolve(jar.getFileName());
            folder.toFile().deleteOnExit();
            whole.toFile().deleteOnExit();
            Files.copy(jar, whole);
            try (FileSystem content = FileSystems.newFileSystem(whole)) {
                Path libraries = Files.createDirectories(content.getPath("lib"));
                for (int number = 0; number < jars.size(); number++) {
                    Path library =
                            libraries.resolve(number + "-" + jars.get(number).getFileName());
                    Files.copy(jars.get(number), library);
                    Files.setLastModifiedTime(library, NO_TIME);
                }
                Files.setLastModifiedTime(libraries, NO_TIME);
            }
            return whole;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jars that the calling thread has loaded. */
    static List<URL> loaded() {
        return Thread.currentThread().getContextClassLoader() instanceof Loader loader
                ? List.of(loader.getURLs())
                : List.of();
    }

    private static final class Loader extends URLClassLoader {
        Loader(List<Path> jars, ClassLoader parent) {
            super(jars.stream().map(Loader::url).toArray(URL[]::new), parent);
        }

        private static URL url(Path jar) {
            try {
                return jar.toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }
}
