package io.millrace.benchmarks.coisolated;

import io.millrace.pipelines.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A spec and the command line, as a user has them, with the profile's own options and all metrics. */
final class SharedJob {
    private SharedJob() {}

    static void run(String text, int parallelism) throws IOException {
        Path spec = Files.writeString(Files.createTempFile("shared", ".yaml"), text);
        Millrace.main(
                new String[] {"router", "--spec=" + spec, "--runner=flink-local", "--parallelism=" + parallelism});
    }
}
