package io.millrace.pipelines.rewind;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;

import io.millrace.io.source.OffsetRange;
import org.junit.Test;

public class AgainTest {

    @Test
    public void saysWhatKafkaHasDeleted() {
        Again again = Again.of("plays", 3, 100, new OffsetRange(250, 1_500));

        assertThat(again.isMissing(), is(true));
        assertThat(
                again.missing(),
                is(
                        "offsets 100 to 249 of partition 3 of topic plays are gone from Kafka, which has those from 250 on"));
        assertThat(
                again.with("s3://lake/plays", new OffsetRange(200, 250)).missing(),
                endsWith(", and of these offsets 200 to 249 are not in the archive s3://lake/plays"));
        assertThat(again.with("s3://lake/plays", null).isMissing(), is(false));
        assertThat(Again.of("plays", 3, 250, new OffsetRange(250, 1_500)).isMissing(), is(false));
    }

    @Test
    public void saysHowMuchItIs() {
        assertThat(
                Again.of("plays", 3, 100, new OffsetRange(0, 1_500)).toString(),
                is("plays 3: 100 to 1500, 1,400 events"));
        assertThat(
                Again.of("plays", 3, 9, new OffsetRange(0, 8)).missing(),
                is("partition 3 of topic plays ends at offset 8, and had been read up to 9: it was made anew"));
    }
}
