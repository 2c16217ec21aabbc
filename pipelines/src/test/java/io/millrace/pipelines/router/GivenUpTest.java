package io.millrace.pipelines.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.DeadLetterJson;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.event.StoredDeadLetter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;

/** From where an event goes on of which several things were given up. */
public class GivenUpTest {
    private static final ResultId READ = ResultId.of(new Origin("plays", 0, 7));
    private static final DeadLetterJson WHOLE = DeadLetterJson.of(new Run("plays", "v1", "run", 0));

    @Test
    public void sendsEachResultThatTheSinkRefusedOnce() {
        GivenUp givenUp = givenUp(result(1), result(3), result(1));

        assertThat(givenUp.event().isPresent(), is(false));
        assertThat(values(givenUp.resumed()), containsInAnyOrder("plays:0:7;us;1 result 1", "plays:0:7;us;3 result 3"));
    }

    @Test
    public void givesTheScriptAgainWhatItGotAndNotTheResultsThatItMakesOfThat() {
        GivenUp givenUp = givenUp(result(2), letter("script", READ.madeBy("us"), "projected"), result(0));

        assertThat(values(givenUp.resumed()), contains("plays:0:7;us;0 projected"));
    }

    @Test
    public void takesTheWholeRouteWhereTheEventItselfWasGivenUp() {
        GivenUp givenUp = givenUp(
                letter("script", READ.madeBy("us"), "projected"), result(2), letter("filter", READ, "as it was read"));

        assertThat(values(givenUp.event().stream().toList()), contains("plays:0:7;;0 as it was read"));
    }

    @Test
    public void readsAnEventOnceHoweverManyOfItsResultsWereTooLarge() {
        GivenUp givenUp = GivenUp.of(List.of(omitted(result(0)), omitted(result(1)), whole(result(2))));

        assertThat(givenUp.event().isPresent(), is(false));
        assertThat(givenUp.omitted().orElseThrow().event().id().origin(), is(READ.origin()));
        assertThat(givenUp.allOmitted().count(), is(2L));
        assertThat(values(givenUp.resumed()), contains("plays:0:7;us;2 result 2"));
    }

    @Test
    public void nothingIsReadWhereEveryValueIsThere() {
        assertThat(givenUp(result(0)).allOmitted().toList(), is(empty()));
    }

    private static GivenUp givenUp(DeadLetter... letters) {
        return GivenUp.of(Stream.of(letters).map(GivenUpTest::whole).toList());
    }

    private static byte[] whole(DeadLetter letter) {
        return WHOLE.toEvent(letter).value();
    }

    private static byte[] omitted(DeadLetter letter) {
        return WHOLE.withMaxBytes(1).toEvent(letter).value();
    }

    private static DeadLetter result(int ordinal) {
        return letter(StoredDeadLetter.SINK, READ.madeBy("us", ordinal), "result " + ordinal);
    }

    private static DeadLetter letter(String step, ResultId id, String value) {
        Event event = Event.of(id, null, value.getBytes(UTF_8), Headers.empty());
        return new DeadLetter(event, "us", step, Reason.REFUSED, "no", DeadLetter.NO_TIME);
    }

    private static List<String> values(List<DeadLetter> letters) {
        return letters.stream()
                .map(DeadLetter::event)
                .map(event -> event.id() + " " + new String(event.value(), UTF_8))
                .toList();
    }
}
