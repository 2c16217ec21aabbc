package io.millrace.testfixtures.flink;

import io.millrace.testfixtures.server.ServerClassPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A jar with {@code CountingJob}, compiled against the cluster's own class path, which the tests do not have. */
final class CountingJar {

    private CountingJar() {}

    static Path buildIn(Path folder) throws IOException {
        Path source = folder.resolve("CountingJob.java");
        try (InputStream in = CountingJar.class.getResourceAsStream("CountingJob.java.txt")) {
            Files.write(source, in.readAllBytes());
        }
        compile(source, Files.createDirectory(folder.resolve("classes")));
        Path jar = folder.resolve("counting.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> classes = Files.list(folder.resolve("classes"))) {
            for (Path file : (Iterable<Path>) classes::iterator) {
                entries.putNextEntry(new JarEntry(file.getFileName().toString()));
                Files.copy(file, entries);
            }
        }
        return jar;
    }

    /** A copy that is larger by so many bytes, which nobody reads. */
    static Path padded(Path jar, int bytes) throws IOException {
        Path padded = jar.resolveSibling("padded.jar");
        try (JarFile in = new JarFile(jar.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(padded))) {
            for (JarEntry entry : (Iterable<JarEntry>) in.stream()::iterator) {
                out.putNextEntry(new JarEntry(entry.getName()));
                in.getInputStream(entry).transferTo(out);
            }
            byte[] padding = new byte[bytes];
            new Random(1).nextBytes(padding);
            out.setLevel(Deflater.NO_COMPRESSION);
            out.putNextEntry(new JarEntry("padding"));
            out.write(padding);
        }
        return padded;
    }

    private static void compile(Path source, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("-proc:none", "-nowarn", "-cp", ServerClassPath.of("flink-server"), "-d", classes.toString());
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            if (!compiled) {
                throw new IllegalStateException("CountingJob does not compile");
            }
        }
    }
}
