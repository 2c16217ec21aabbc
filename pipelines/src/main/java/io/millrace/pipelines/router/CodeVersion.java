package io.millrace.pipelines.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Comparator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What identifies the code of Millrace in a jar, and with it the coders that read its state. The same sources give the same, whenever they are built. */
public final class CodeVersion {
    /** Of a process whose classes are in folders, which change. */
    public static final String UNKNOWN = "";

    private static final String CLASSES = "io/millrace/";
    private static final int SHOWN = 8;

    private CodeVersion() {}

    /** That of a jar, by the names and checksums of its classes; no class is read. */
    public static String of(Path jar) {
        Hasher hash = Hashing.sha256().newHasher();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            zip.stream()
                    .filter(entry -> entry.getName().startsWith(CLASSES)
                            && entry.getName().endsWith(".class"))
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .forEach(entry ->
                            hash.putString(entry.getName(), UTF_8).putChar('\n').putLong(entry.getCrc()));
        } catch (IOException e) {
            throw new UncheckedIOException("jar " + jar.getFileName() + " must be readable", e);
        }
        return hash.hash().toString().substring(0, SHOWN);
    }

    /** That of the jar which this process has the class of. */
    static String ofThisProcess() {
        CodeSource source = CodeVersion.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return UNKNOWN;
        }
        try {
            Path place = Path.of(source.getLocation().toURI());
            return Files.isRegularFile(place) ? of(place) : UNKNOWN;
        } catch (URISyntaxException e) {
            return UNKNOWN;
        }
    }
}
