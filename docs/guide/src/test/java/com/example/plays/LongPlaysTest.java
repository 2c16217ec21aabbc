package com.example.plays;

import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.junit.Rule;
import org.junit.Test;

public class LongPlaysTest {
    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    @Test
    public void routesInsideAPipelineOfOnesOwn() {
        PCollection<String> lines = pipeline.apply(Create.of(
                        KV.of(0L, "{\"profile_id\": \"p1\", \"duration_s\": 90, \"geo\": {\"country\": \"US\"}}"),
                        KV.of(1L, "{\"profile_id\": \"p2\", \"duration_s\": 9}"),
                        KV.of(2L, "{\"profile_id\": \"p3\"}")))
                .apply(new LongPlays());

        PAssert.that(lines)
                .containsInAnyOrder(
                        "{\"profile_id\":\"p1\",\"geo\":{\"country\":\"US\"}}", "2: no such field 'duration_s'");
        pipeline.run();
    }
}
