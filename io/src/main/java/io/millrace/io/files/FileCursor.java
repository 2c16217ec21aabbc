package io.millrace.io.files;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.view.FullPublish.BrokenOffException;

/**
 * Where a page of lines begins. As text: {@code 1}, state, file and position, with a {@code :} between.
 *
 * @param state what tells these files, as they are, from others
 * @param file which of them, from 0; behind the last at the end
 * @param position in its uncompressed text
 */
record FileCursor(String state, int file, long position) {
    private static final String VERSION = "1";
    private static final int PARTS = 4;

    FileCursor {
        checkArgument(file >= 0 && position >= 0, "a page must begin at a position of a file");
    }

    /** Reads its text. */
    static FileCursor read(String cursor, String path) throws BrokenOffException {
        String[] parts = cursor.split(":", -1);
        if (!parts[0].equals(VERSION)) {
            throw new BrokenOffException(path + " cannot be gone on with: its cursor must begin with '" + VERSION
                    + ":', which this release reads and writes, but was '" + cursor + "'");
        }
        try {
            checkArgument(parts.length == PARTS);
            return new FileCursor(parts[1], Integer.parseInt(parts[2]), Long.parseLong(parts[3]));
        } catch (IllegalArgumentException e) {
            throw new BrokenOffException(
                    path + " cannot be gone on with: its cursor cannot be read, '" + cursor + "'", e);
        }
    }

    FileCursor at(long position) {
        return new FileCursor(state, file, position);
    }

    FileCursor nextFile() {
        return new FileCursor(state, file + 1, 0);
    }

    String text() {
        return String.join(":", VERSION, state, String.valueOf(file), String.valueOf(position));
    }
}
