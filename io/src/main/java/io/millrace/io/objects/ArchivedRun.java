package io.millrace.io.objects;

import java.io.IOException;
import java.util.OptionalLong;

/** What one run has written of an archive for one shard: numbered objects, and of each what all have up to and with it. */
record ArchivedRun(Folder folder, Manifest manifest) {

    boolean has(String stream, int partition, long offset) {
        return manifest.offsets().has(stream, partition, offset);
    }

    /**
     * The number of the object by which an offset of a partition was first known, which is that with the record at it or behind it.
     *
     * @param guess the number that it probably has
     */
    OptionalLong objectWith(String stream, int partition, long offset, long guess) throws IOException {
        long low = 0;
        long end = manifest.objects();
        if (guess > 0 && guess < end && !isKnownBy(guess - 1, stream, partition, offset)) {
            if (isKnownBy(guess, stream, partition, offset)) {
                return OptionalLong.of(guess);
            }
            low = guess + 1;
        }
        while (low < end) {
            long middle = (low + end) >>> 1;
            if (isKnownBy(middle, stream, partition, offset)) {
                end = middle;
            } else {
                low = middle + 1;
            }
        }
        return low < manifest.objects() ? OptionalLong.of(low) : OptionalLong.empty();
    }

    /** Objects at the beginning may have been deleted, with what is said of them. */
    private boolean isKnownBy(long number, String stream, int partition, long offset) throws IOException {
        if (number == manifest.objects() - 1) {
            return has(stream, partition, offset);
        }
        return Manifest.read(ObjectNames.progress(object(number)), folder)
                .filter(progress -> progress.offsets().has(stream, partition, offset))
                .isPresent();
    }

    /** The name of an object. */
    String object(long number) {
        return ObjectNames.withNumber(manifest.object(), number);
    }
}
