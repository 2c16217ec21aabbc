package io.millrace.testfixtures.server;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The class path of a server's JVM: what the server's module wrote, the module itself, and the launcher.
 *
 * <p><i>Fails</i>: with an {@link IllegalStateException} where the module is not on the class path, or was not built
 * as far as {@code process-resources}.
 */
public final class ServerClassPath {

    private ServerClassPath() {}

    /** The class path of the server whose module is {@code millrace-<server>}. */
    public static String of(String server) {
        String resource = "META-INF/millrace/" + server + ".classpath";
        URL url = ServerClassPath.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new IllegalStateException("no resource " + resource + ": build and depend on millrace-" + server);
        }
        return String.join(File.pathSeparator, read(url), rootOf(url, resource).toString(), launcherRoot());
    }

    private static String read(URL url) {
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path rootOf(URL url, String resource) {
        String text = url.toString();
        String root = text.substring(0, text.length() - resource.length());
        return Path.of(URI.create(root.startsWith("jar:") ? root.substring(4, root.length() - 2) : root));
    }

    private static String launcherRoot() {
        try {
            return Path.of(Launcher.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the launcher's class path entry is no path", e);
        }
    }
}
