package io.millrace.pipelines.router;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.event.Origin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.Test;

public class HandedOverTest {
    private static final TopicOffsets SLOW = TopicOffsets.parse("{\"plays\":{\"0\":10,\"1\":5}}");
    private static final TopicOffsets FAST =
            TopicOffsets.parse("{\"plays\":{\"0\":30,\"1\":5},\"trailers\":{\"0\":7}}");
    private static final TopicOffsets FASTER = TopicOffsets.parse("{\"plays\":{\"0\":40,\"1\":9}}");

    @Test
    public void aJobBeginsAtTheLowestOffsets() {
        assertThat(
                TopicOffsets.lowest(List.of(FAST, SLOW, FASTER)).json(),
                is("{\"plays\":{\"0\":10,\"1\":5},\"trailers\":{\"0\":7}}"));
        assertThat(TopicOffsets.lowest(List.of()).json(), is("{}"));
    }

    @Test
    public void aPartitionThatOneHasNotReadIsReadFromItsBeginning() {
        TopicOffsets before = TopicOffsets.parse("{\"plays\":{\"0\":50}}");

        assertThat(TopicOffsets.lowest(List.of(SLOW, before)).json(), is("{\"plays\":{\"0\":10}}"));
        assertThat(SLOW.behind(before).json(), is("{\"plays\":{\"1\":5}}"));
    }

    @Test
    public void aRouteGoesOnBehindWhatItHasHadAndBeforeWhatWaits() {
        TopicOffsets had = TopicOffsets.parse("{\"plays\":{\"0\":20}}");
        TopicOffsets waits = TopicOffsets.parse("{\"plays\":{\"1\":3}}");

        assertThat(SLOW.with(had, Math::max).with(waits, Math::min).json(), is("{\"plays\":{\"0\":20,\"1\":3}}"));
    }

    @Test
    public void leavesOutForEachRouteWhatItHasHadAlready() {
        TopicOffsets begin = TopicOffsets.lowest(List.of(FAST, SLOW, FASTER));
        HandedOver handedOver = HandedOver.of(Map.of("slow", SLOW, "fast", FAST, "faster", FASTER), begin);

        assertThat(
                handedOver.json(), is("{\"fast\":{\"plays\":{\"0\":30}},\"faster\":{\"plays\":{\"0\":40,\"1\":9}}}"));
        assertThat(HandedOver.parse(handedOver.json()), is(handedOver));
        for (HandedOver one : List.of(handedOver, SerializableUtils.ensureSerializable(handedOver))) {
            assertThat(one.behind(new Origin("cluster/plays", 0, 29)), is(Set.of("fast", "faster")));
            assertThat(one.behind(new Origin("cluster/plays", 0, 30)), is(Set.of("faster")));
            assertThat(one.behind(new Origin("cluster/plays@2", 0, 39)), is(Set.of("faster")));
            assertThat(one.behind(new Origin("cluster/plays", 0, 40)), is(Set.of()));
            assertThat(one.behind(new Origin("cluster/plays", 1, 8)), is(Set.of("faster")));
            assertThat(one.behind(new Origin("cluster/plays", 2, 0)), is(Set.of()));
            assertThat(one.behind(new Origin("cluster/trailers", 0, 0)), is(Set.of()));
        }
        assertThat(handedOver.of(Set.of("slow")), is(HandedOver.NOTHING));
    }
}
