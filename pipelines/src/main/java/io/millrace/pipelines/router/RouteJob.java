package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.kafka.KafkaStop;
import io.millrace.runnerprofiles.JobShape;
import io.millrace.transforms.event.Run;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * One route of a spec as a job of its own, with a position, checkpoints and restarts of its own.
 *
 * @param spec the whole spec
 * @param route the route
 * @param lineage the name of the run and of those restored from it
 * @param offsets where a read of Kafka before it had come to, {@link KafkaEvents#offsets}
 * @param source what identifies the source that it reads: the spec's, unless it goes on with another out of its state
 */
public record RouteJob(RouterSpec spec, RouteSpec route, String lineage, String offsets, String source) implements Job {

    /** The shape to check options against where there is no spec to take it from. */
    public static final JobShape SHAPE_OF_ANY = new JobShape("any", true, false);

    /** One that goes on from nothing. */
    public static RouteJob anew(RouterSpec spec, RouteSpec route, String lineage) {
        return new RouteJob(spec, route, lineage, RouterPipeline.NO_OFFSETS, spec.sourceVersion());
    }

    /** The same, whose read goes on where one before it had come to. */
    public RouteJob goingOnAt(String offsets) {
        return new RouteJob(spec, route, lineage, offsets, source);
    }

    /** The same, going on with a source out of its state. */
    public RouteJob reading(String source) {
        return new RouteJob(spec, route, lineage, offsets, source);
    }

    /** The name is {@code <pipeline>--<route>}. */
    @Override
    public String name() {
        return spec.name() + "--" + route.name();
    }

    @Override
    public JobShape shape() {
        KafkaSource kafka = spec.source().kafka();
        return new JobShape(
                name(), kafka != null, kafka == null || !kafka.stop().equals(KafkaStop.NEVER));
    }

    @Override
    public Pipeline pipeline(PipelineOptions options) {
        JobOptions.say(spec.name(), source, options);
        Pipeline pipeline = Pipelines.create(spec, options);
        Run run = new Run(spec.name(), spec.specVersion(), lineage, 0);
        pipeline.apply(spec.name(), RouterPipeline.of(isolated(), run).goingOnAt(offsets));
        return pipeline;
    }

    /** The spec of this route alone, committing offsets for a consumer group of its own. */
    private RouterSpec isolated() {
        return spec.withRoutes(List.of(route)).withSource(isolatedSource());
    }

    private SourceSpec isolatedSource() {
        KafkaSource kafka = spec.source().kafka();
        return kafka == null
                ? spec.source()
                : spec.source().withKafka(kafka.withGroupId(kafka.groupId() + "-" + route.name()));
    }
}
