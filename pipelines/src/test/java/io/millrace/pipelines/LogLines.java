package io.millrace.pipelines;

import java.util.stream.IntStream;
import org.slf4j.LoggerFactory;

/** A process that logs lines: {@code <name> <lines> <length>}. */
final class LogLines {
    private LogLines() {}

    public static void main(String[] arguments) {
        String filling = " ".repeat(Integer.parseInt(arguments[2])) + ".";
        IntStream.range(0, Integer.parseInt(arguments[1]))
                .mapToObj(line -> arguments[0] + " " + line + filling)
                .forEach(LoggerFactory.getLogger(LogLines.class)::info);
    }
}
