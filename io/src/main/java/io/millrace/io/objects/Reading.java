package io.millrace.io.objects;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Status;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * Reads an object that may not be there.
 *
 * <p>How a missing object shows itself differs from one file system to another, and so does what else ends in the same exception. So
 * where reading fails, the file system is asked whether it has the object.
 */
@FunctionalInterface
public interface Reading<T> {

    /** What is to be read of an object, or nothing if that is not in it. */
    Optional<T> from(ReadableByteChannel channel) throws IOException;

    /**
     * What is read of an object; nothing if the file system does not have it.
     *
     * @throws IOException if the object is there, or may be, and cannot be read
     */
    static <T> Optional<T> ifThere(ResourceId object, Reading<T> reading) throws IOException {
        try (ReadableByteChannel channel = FileSystems.open(object)) {
            return reading.from(channel);
        } catch (IOException | RuntimeException e) {
            if (isMissing(object, e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isMissing(ResourceId object, Exception failure) throws IOException {
        try {
            return FileSystems.matchResources(List.of(object)).get(0).status() == Status.NOT_FOUND;
        } catch (IOException | RuntimeException e) {
            e.addSuppressed(failure);
            throw e;
        }
    }
}
