package io.millrace.transforms.event;

import java.io.IOException;
import java.io.InputStream;
import org.apache.beam.sdk.coders.CoderException;

/** The version byte with which everything begins that is kept in state. */
public final class Versioned {
    private Versioned() {}

    /** Reads the version of something, which must be the one that is known. */
    public static void read(String what, int version, InputStream in) throws IOException {
        int written = in.read();
        if (written != version) {
            throw new CoderException(what + " must be of version " + version + ", but was of version " + written);
        }
    }
}
