package io.millrace.io.s3;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.io.CountingInputStream;
import io.millrace.io.config.Setting;
import io.millrace.io.table.RowPlace;
import io.millrace.io.table.RowReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/**
 * Rows of an object of S3, JSON Lines. Where S3 is, the pipeline's options say: {@link S3Settings#setIn}.
 *
 * <p><i>Guarantee</i>: the version is the object's ETag, and when it was written. A load fails during which that changes.
 *
 * @param path {@code s3://BUCKET/OBJECT}
 */
public record S3Table(
        @Setting(
                value =
                        "An object of JSON Lines, a row a line, which may be compressed with gzip; the section s3 says where S3 is.",
                example = "s3://lake/videos.jsonl.gz")
        String path)
        implements RowPlace {
    private static final Pattern OBJECT =
            Pattern.compile("s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[^*?\\[{\\\\]*[^/*?\\[{\\\\]");

    public S3Table {
        checkArgument(
                OBJECT.matcher(path).matches(), "path must be s3://BUCKET/OBJECT without a glob, but was '%s'", path);
    }

    @Override
    public String place() {
        return path;
    }

    @Override
    public Optional<String> read(String held, RowReader rows) throws IOException, InterruptedException {
        Metadata object = find();
        String version = version(object);
        if (version.equals(held)) {
            return Optional.empty();
        }
        try (CountingInputStream text =
                new CountingInputStream(Channels.newInputStream(FileSystems.open(object.resourceId())))) {
            rows.lines(text);
            checkWhole(text.getCount(), object.sizeBytes());
        }
        if (!version(find()).equals(version)) {
            throw new IOException("it was changed while it was read");
        }
        return Optional.of(version);
    }

    private static void checkWhole(long read, long size) throws IOException {
        if (read != size) {
            throw new IOException("it must be read whole, but of " + size + " bytes there were " + read);
        }
    }

    private Metadata find() throws IOException {
        return FileSystems.match(path, EmptyMatchTreatment.ALLOW).metadata().stream()
                .findFirst()
                .orElseThrow(() -> new FileNotFoundException("there is no such object"));
    }

    private static String version(Metadata object) {
        return object.checksum() + ", " + object.lastModifiedMillis() + ", " + object.sizeBytes() + " bytes";
    }
}
