package io.millrace.testfixtures.s3;

import io.millrace.testfixtures.server.FreePorts;
import io.millrace.testfixtures.server.ServerCommand;
import io.millrace.testfixtures.server.ServerProcess;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A real S3 server, S3Proxy over a folder, in a JVM of its own on a free port of 127.0.0.1. It checks signatures.
 *
 * <p><i>State</i>: its port and its objects outlive {@link #stop}, {@link #kill} and the next {@link #start};
 * {@link #close} deletes them.
 *
 * <p><i>Fails</i>: a start as {@link ServerProcess} says.
 */
public final class S3Server implements AutoCloseable {
    /** The one access key that it takes. */
    public static final String ACCESS_KEY = "millrace";

    /** The secret of that key. */
    public static final String SECRET_KEY = "s3-open-sesame";

    /** How the folders begin that have the parts of uploads that are not complete. */
    private static final String UPLOADS = ".mpus-";

    private static final Map<String, String> CREDENTIALS =
            Map.of("AWS_ACCESS_KEY_ID", ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", SECRET_KEY);

    private final WorkDirectory directory = WorkDirectory.create("s3");
    private final Path objects = directory.folder("objects");
    private final int port = FreePorts.next();
    private final ServerProcess server;

    private S3Server() {
        String properties = directory.write("s3proxy.properties", properties()).toString();
        server = new ServerProcess(
                new ServerCommand(
                        "s3",
                        "s3-server",
                        "org.gaul.s3proxy.Main",
                        List.of("-Xmx256m"),
                        List.of("--properties", properties)),
                directory,
                this::isReady);
    }

    /** A server that is not started yet. */
    public static S3Server create() {
        return new S3Server();
    }

    /** The variables of a process's environment from which clients of AWS take the access key. */
    public static Map<String, String> credentials() {
        return CREDENTIALS;
    }

    /** Starts the server and returns when it takes requests. */
    public S3Server start() {
        server.start();
        return this;
    }

    /** Shuts the server down in good order. */
    public void stop() {
        server.stop();
    }

    /** Ends the server as a crash would. */
    public void kill() {
        server.kill();
    }

    /** The server's process, to pause it or to read its log. */
    public ServerProcess process() {
        return server;
    }

    /** Where clients reach it, the same over restarts. */
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** The port of its endpoint, for a relay in front of it. */
    public int port() {
        return port;
    }

    /** Makes a bucket. */
    public void createBucket(String bucket) {
        try {
            Files.createDirectories(folder(bucket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder that a bucket's objects lie in as files. */
    public Path folder(String bucket) {
        return objects.resolve(bucket);
    }

    /** What a bucket holds: the content of each object by its key. What comes or goes meanwhile may be in it or not. */
    public Map<String, byte[]> objects(String bucket) {
        Path folder = folder(bucket);
        Map<String, byte[]> contents = new TreeMap<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path inside, BasicFileAttributes attributes) {
                    boolean isUpload = inside.getFileName().toString().startsWith(UPLOADS);
                    return isUpload ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    try {
                        contents.put(folder.relativize(file).toString(), Files.readAllBytes(file));
                        return FileVisitResult.CONTINUE;
                    } catch (NoSuchFileException e) {
                        return visitFileFailed(file, e);
                    }
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path inside, @Nullable IOException failure)
                        throws IOException {
                    return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(inside, failure);
                }
            });
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server and deletes its objects. */
    @Override
    public void close() {
        directory.close();
    }

    private boolean isReady() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    private String properties() {
        return String.join(
                "\n",
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + ACCESS_KEY,
                "s3proxy.credential=" + SECRET_KEY,
                "s3proxy.endpoint=" + endpoint(),
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + objects,
                "");
    }
}
