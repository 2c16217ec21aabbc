package io.millrace.benchmarks.race;

import java.util.List;

/**
 * Where work reads and writes.
 *
 * @param bootstrapServers where Kafka is
 * @param input the topic to read, from its beginning and without an end
 * @param output the topic to write
 */
public record Assignment(String bootstrapServers, String input, String output) {
    /** How many arguments it is. */
    public static final int ARGUMENTS = 3;

    /** Reads what {@link #arguments()} gives; what follows is not looked at. */
    public static Assignment parse(List<String> arguments) {
        return new Assignment(arguments.get(0), arguments.get(1), arguments.get(2));
    }

    List<String> arguments() {
        return List.of(bootstrapServers, input, output);
    }
}
