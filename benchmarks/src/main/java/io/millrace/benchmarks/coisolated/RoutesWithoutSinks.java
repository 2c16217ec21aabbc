package io.millrace.benchmarks.coisolated;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.Work;
import java.io.IOException;
import java.util.List;

/** One job for as many routes as its argument says, without sinks, at parallelism 1. */
public final class RoutesWithoutSinks implements Work {
    @Override
    public void run(List<String> arguments) throws IOException {
        int routes = Integer.parseInt(arguments.get(Assignment.ARGUMENTS));
        SharedJob.run(SharedSpec.withoutSinks(Assignment.parse(arguments), Filters.of(routes)), 1);
    }
}
