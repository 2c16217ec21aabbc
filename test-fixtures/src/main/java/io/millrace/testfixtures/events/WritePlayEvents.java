package io.millrace.testfixtures.events;

import java.nio.file.Path;

/** Writes play events to a file as JSON Lines: {@code <file> <count> [seed]}, one in a hundred of them defective. */
public final class WritePlayEvents {

    private WritePlayEvents() {}

    /** Arguments: the file, how many events, and the seed, which is 42 unless it is named. */
    public static void main(String[] arguments) {
        if (arguments.length < 2) {
            throw new IllegalArgumentException("arguments must be <file> <count> [seed], but were " + arguments.length);
        }
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 42;
        PlayEvents.seed(seed)
                .count(Integer.parseInt(arguments[1]))
                .late(0.01)
                .duplicated(0.005)
                .broken(0.005)
                .wrongFields(0.005)
                .writeJsonLines(Path.of(arguments[0]));
    }
}
