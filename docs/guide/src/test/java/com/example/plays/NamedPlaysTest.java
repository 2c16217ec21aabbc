package com.example.plays;

import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.Rule;
import org.junit.Test;

public class NamedPlaysTest {
    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    @Test
    public void looksUpInsideAPipelineOfOnesOwn() {
        PCollection<String> lines =
                pipeline.apply(Create.of("t2", "t1", "t9", "t2")).apply(new NamedPlays());

        PAssert.that(lines)
                .containsInAnyOrder(
                        "t1: Alien", "t2: Brazil", "t2: Brazil", "t9 has no name: there is nothing of this key");
        pipeline.run();
    }
}
