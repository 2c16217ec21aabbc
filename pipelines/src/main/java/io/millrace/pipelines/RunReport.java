package io.millrace.pipelines;

import java.util.List;

/** What a person is told of runs in this process. */
interface RunReport {
    /** Of routes that run: what each did. */
    RunReport RESULTS = new RunReport() {
        @Override
        public String progress(List<RouteRun> runs) {
            return ResultTable.progress(runs);
        }

        @Override
        public String end(List<RouteRun> runs) {
            return ResultTable.of(runs);
        }
    };

    /** One line on how far they have come. */
    String progress(List<RouteRun> runs);

    /** What is said at their end, in whole lines. */
    String end(List<RouteRun> runs);
}
