package io.millrace.benchmarks.router;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.Work;
import io.millrace.benchmarks.race.Workload;
import java.util.List;

/** The {@link Task} of one of the contenders. */
public final class RouterWork implements Work {
    @Override
    public void run(List<String> arguments) throws Exception {
        Contender.named(arguments.get(Assignment.ARGUMENTS + 1)).run(Task.parse(arguments));
    }

    /** The arguments after the assignment. */
    static List<String> arguments(Contender contender, int parallelism) {
        return List.of(Integer.toString(parallelism), contender.text());
    }

    static Lane lane(Contender contender, Workload workload, int parallelism) {
        return Lane.of(name(contender, parallelism), RouterWork.class, arguments(contender, parallelism), workload);
    }

    /** The name of a contender's lane. */
    static String name(Contender contender, int parallelism) {
        return contender.text() + " p" + parallelism;
    }
}
