package io.millrace.runnerprofiles;

import io.millrace.transforms.rate.TaskShare;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * The share of a task of Flink: one of as many as its step has now. Beam does not tell a step how many there are, and options say what was
 * asked for, which a cluster that rescales by itself need not have; but Flink names a task's thread {@code <step> (2/4)#0}.
 */
public final class FlinkTaskShare implements TaskShare {
    private static final Pattern TASK = Pattern.compile(".*\\((\\d+)/(\\d+)\\)#\\d+.*", Pattern.DOTALL);

    @Override
    public OptionalDouble find(PipelineOptions options) {
        return find(Thread.currentThread().getName());
    }

    static OptionalDouble find(String thread) {
        Matcher task = TASK.matcher(thread);
        return task.matches() ? OptionalDouble.of(1.0 / Integer.parseInt(task.group(2))) : OptionalDouble.empty();
    }
}
