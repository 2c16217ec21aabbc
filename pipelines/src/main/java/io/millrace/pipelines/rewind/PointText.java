package io.millrace.pipelines.rewind;

import static java.util.stream.Collectors.joining;

import io.millrace.pipelines.router.JobOptions;
import io.millrace.runnerprofiles.SavedState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Restore points as people read them: some lines each. For any number of threads. */
public final class PointText {
    private final Catalog catalog;
    private final Map<String, String> versions = new ConcurrentHashMap<>();

    private PointText(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Those of a catalog. */
    public static PointText of(Catalog catalog) {
        return new PointText(catalog);
    }

    /** A point. */
    public String of(RestorePoint point) {
        return String.format(
                "%s  %s %d of job %s, %,d bytes, %s%n    watermark %s; %s%n    %s%n    %s%n",
                seconds(point.at()),
                point.kind().text(),
                point.id(),
                point.jobId(),
                point.bytes(),
                state(point),
                Optional.ofNullable(point.watermark()).map(PointText::seconds).orElse("not known"),
                offsets(point),
                versions.computeIfAbsent(point.jobId(), this::versions),
                point.path());
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String state(RestorePoint point) {
        try {
            if (!SavedState.exists(point.path())) {
                return "gone";
            }
        } catch (RuntimeException e) {
            return "not to be reached from here";
        }
        return point.isComplete() ? "complete" : "not complete: " + String.join(", ", point.damages());
    }

    private static String offsets(RestorePoint point) {
        String topics = point.offsets().offsets().entrySet().stream()
                .map(topic -> topic.getKey() + " "
                        + topic.getValue().entrySet().stream()
                                .map(partition -> partition.getKey() + ":" + partition.getValue())
                                .collect(joining(" ")))
                .collect(joining("; "));
        return topics.isEmpty() ? "how far it had read is not known" : "read to " + topics;
    }

    private String versions(String jobId) {
        return catalog.job(jobId)
                .map(job -> "spec %s, scripts %s, Flink %s, Beam %s"
                        .formatted(
                                shown(job, JobOptions.SPEC_VERSION, "not known"),
                                shown(job, JobOptions.SCRIPT_VERSION, "as in force"),
                                job.flinkVersion(),
                                shown(job, JobOptions.BEAM_VERSION, "not known")))
                .orElse("versions are not known");
    }

    private static String shown(Restorable job, String option, String otherwise) {
        String value = job.shown().getOrDefault(option, "");
        return value.isEmpty() || value.equals("null") ? otherwise : value;
    }
}
