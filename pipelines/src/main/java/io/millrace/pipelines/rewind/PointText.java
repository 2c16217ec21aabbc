package io.millrace.pipelines.rewind;

import static java.util.stream.Collectors.joining;

import io.millrace.pipelines.router.JobOptions;
import io.millrace.runnerprofiles.StateFolder;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Restore points as people read them: some lines each. For any number of threads. */
public final class PointText {
    private static final NumberFormat GROUPED = NumberFormat.getIntegerInstance(Locale.ROOT); // not for several threads

    private final Catalog catalog;
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> listed = new ConcurrentHashMap<>();

    private PointText(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Those of a catalog. */
    public static PointText of(Catalog catalog) {
        return new PointText(catalog);
    }

    /** A point. */
    public String of(RestorePoint point) {
        return String.join(
                System.lineSeparator(),
                seconds(point.at()) + "  " + point.kind().text() + " " + point.id() + " of job " + point.jobId() + ", "
                        + grouped(point.bytes()) + " bytes, " + state(point),
                "    watermark "
                        + Optional.ofNullable(point.watermark())
                                .map(PointText::seconds)
                                .orElse("not known")
                        + "; " + offsets(point),
                "    " + versions.computeIfAbsent(point.jobId(), this::versions),
                "    " + point.path(),
                "    " + proof(point),
                "");
    }

    /** As {@link String#format} has it, which looks up all symbols each time. */
    private static String grouped(long number) {
        return ((NumberFormat) GROUPED.clone()).format(number);
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private String state(RestorePoint point) {
        int end = point.path().lastIndexOf('/');
        try {
            if (!in(point.path().substring(0, end)).contains(point.path().substring(end + 1))) {
                return "gone";
            }
        } catch (RuntimeException e) {
            return "not to be reached from here";
        }
        return point.isComplete() ? "complete" : "not complete: " + String.join(", ", point.damages());
    }

    /** What is in a folder. Many states are in the same, and to list it takes hardly longer than to ask for one. */
    private Set<String> in(String folder) {
        return listed.computeIfAbsent(
                folder, path -> Set.copyOf(StateFolder.at(path).names()));
    }

    private String proof(RestorePoint point) {
        return catalog.provenAt(point)
                .map(at -> "last proven restorable " + seconds(at))
                .orElse("never proven restorable");
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
                .map(job -> "epoch %d, spec %s, scripts %s, Flink %s, Beam %s, code %s"
                        .formatted(
                                JobOptions.epoch(job.shown()),
                                shown(job, JobOptions.SPEC_VERSION, "not known"),
                                shown(job, JobOptions.SCRIPT_VERSION, "as in force"),
                                job.flinkVersion(),
                                shown(job, JobOptions.BEAM_VERSION, "not known"),
                                JobOptions.code(job.shown()).orElse("not known")))
                .orElse("versions are not known");
    }

    private static String shown(Restorable job, String option, String otherwise) {
        String value = job.shown().getOrDefault(option, "");
        return value.isEmpty() || value.equals("null") ? otherwise : value;
    }
}
