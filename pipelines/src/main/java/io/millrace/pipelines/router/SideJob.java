package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SinkSpec;
import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.runnerprofiles.JobShape;
import io.millrace.runnerprofiles.SavedSteps;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * A job in all but its effects: it has the steps and the state of the job and reads what that reads, and whatever it makes goes nowhere, or into shadows of the sinks. No offsets are
 * committed, no events parked, no versions of scripts withdrawn, and no requests to views answered.
 *
 * <p>It says nothing of itself ({@link JobOptions}), so nobody takes it for a job of the pipeline.
 *
 * @param job the job
 * @param shadow what the names of the shadows end in; empty where what it makes goes nowhere
 * @param name the name that this one is shown under
 */
public record SideJob(RouterJob job, String shadow, String name) implements Job {
    private static final int DIGITS = 8;

    /** The job of a rehearsal, under an id of the cluster. */
    public static SideJob rehearsing(RouterJob job, String id) {
        return new SideJob(job, "", job.name() + "--rehearsal-" + id.substring(0, DIGITS));
    }

    /** The job of a restatement in the job's epoch. */
    public static SideJob restating(RouterJob job) {
        String shadow = shadow(job.run().epoch());
        return new SideJob(job, shadow, job.name() + "-" + shadow);
    }

    /** What the names of the shadows end in of the restatement of an epoch. */
    public static String shadow(long epoch) {
        return "-restated-" + epoch;
    }

    @Override
    public RouterSpec spec() {
        return job.spec();
    }

    @Override
    public List<RouteSpec> routes() {
        return job.routes();
    }

    @Override
    public JobShape shape() {
        JobShape shape = job.shape();
        return new JobShape(name, shape.stream(), shape.ends(), shape.asks(), shape.waits());
    }

    @Override
    public Pipeline pipeline(PipelineOptions options) {
        return pipeline(options, false);
    }

    private Pipeline pipeline(PipelineOptions options, boolean asksNobody) {
        Pipeline pipeline = Pipelines.create(spec(), options);
        Reads reads = job.reads(asksNobody).with(Scripts.WATCHED);
        pipeline.apply(
                spec().name(), RouterPipeline.of(withoutEffects(), job.run()).reading(reads));
        return pipeline;
    }

    private RouterSpec withoutEffects() {
        return job.ownSpec().writingOnlyTo(this::aside).mappingSources(SideJob::withoutCommits);
    }

    /** A sink without a shadow is none of a restated route: it is that of dead letters, which are counted then. */
    private SinkSpec<?> aside(SinkSpec<?> sink) {
        return (shadow.isEmpty() ? Optional.<SinkSpec<?>>empty() : sink.shadow(shadow))
                .orElseGet(() -> RehearsedSink.of(sink));
    }

    private static SourceSpec withoutCommits(SourceSpec source) {
        KafkaSource kafka = source.kafka();
        return kafka == null ? source : source.withKafka(kafka.withoutGroupId());
    }

    /**
     * Of the steps that the job before had, those whose state has no place here: sources of Kafka, since one that is in a state commits offsets for its group,
     * and what would write.
     */
    public Set<String> stepsLeftOut(SavedSteps before) {
        Set<String> left = new TreeSet<>(before.without(steps()).stateful());
        before.stateful().stream().filter(this::readsKafka).forEach(left::add);
        return left;
    }

    private SavedSteps steps() {
        return SavedSteps.of(pipeline(PipelineOptionsFactory.create(), true));
    }

    /** Whether a step reads one of its sources from Kafka. */
    public boolean readsKafka(String step) {
        return spec().namedSources().entrySet().stream()
                .filter(source -> source.getValue().kafka() != null)
                .map(source -> spec().name() + "/" + RoutedSources.step(spec(), "source", source.getKey()) + "/")
                .anyMatch(step::startsWith);
    }
}
