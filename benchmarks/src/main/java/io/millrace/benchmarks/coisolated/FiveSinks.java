package io.millrace.benchmarks.coisolated;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.Work;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** One job for five routes: four to topics of the broker that it reads from, and one to another broker, which its argument names. */
public final class FiveSinks implements Work {
    static final int PARALLELISM = 2;
    static final String SLOW = "slow";

    private static final int OTHERS = 4;

    /** The topics of the four, by the prefix that is the assignment's output. */
    static List<String> others(String output) {
        return IntStream.range(0, OTHERS)
                .mapToObj(number -> output + "-" + number)
                .toList();
    }

    @Override
    public void run(List<String> arguments) throws IOException {
        Assignment assignment = Assignment.parse(arguments);
        String slow = arguments.get(Assignment.ARGUMENTS);
        SharedJob.run(SharedSpec.withFiveSinks(assignment, others(assignment.output()), slow, SLOW), PARALLELISM);
    }
}
