package io.millrace.io.objects;

import java.io.IOException;

/** A run of a higher epoch has written to the folder: this one must write no more, and no further attempt helps. */
final class OutrankedException extends IOException {
    private static final long serialVersionUID = 1;

    OutrankedException(String message) {
        super(message);
    }
}
