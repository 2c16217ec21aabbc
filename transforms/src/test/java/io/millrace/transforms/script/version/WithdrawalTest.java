package io.millrace.transforms.script.version;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.transforms.script.Script;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

/** Which version follows one that fails. */
public class WithdrawalTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private Timeline timeline = Timeline.EMPTY;

    @Test
    public void theVersionBeforeIsPutInForceAgain() {
        put("v1", "v1", NOON);
        put("v2", "v2", NOON.plusSeconds(1));

        assertThat(withdrawalOf("v2", NOON.plusSeconds(9)), is(new Withdrawal("withdrawn-v2", "v1")));
    }

    @Test
    public void whatIsNotInForceIsNotWithdrawn() {
        put("v1", "v1", NOON);
        put("v2", "v2", NOON.plusSeconds(10));

        assertThat(withdrawalOf("v1", NOON.plusSeconds(10)), is(nullValue()));
        assertThat(withdrawalOf("v2", NOON.plusSeconds(9)), is(nullValue()));
    }

    @Test
    public void thereMayBeNoneBefore() {
        put("v1", "v1", NOON);
        put("again", "v1", NOON.plusSeconds(1));

        assertThat(withdrawalOf("v1", NOON.plusSeconds(1)), is(new Withdrawal("withdrawn-again", null)));
    }

    @Test
    public void theFirstVersionIsBeforeAllOthersWhateverItsTime() {
        put("v1", "v1", NOON.plusSeconds(3600));
        put("v2", "v2", NOON);

        assertThat(withdrawalOf("v2", NOON), is(new Withdrawal("withdrawn-v2", "v1")));
    }

    @Test
    public void whatAPersonPutsInForceAgainMayBeWithdrawnAgain() {
        put("v1", "v1", NOON);
        put("v2", "v2", NOON.plusSeconds(1));
        put("withdrawn-v2", "v1", NOON.plusSeconds(2));
        put("again", "v2", NOON.plusSeconds(3));

        assertThat(withdrawalOf("v2", NOON.plusSeconds(3)), is(new Withdrawal("withdrawn-again", "v1")));
    }

    @Test
    public void versionsThatFailInTurnDoNotFollowEachOtherForEver() {
        put("v1", "v1", NOON);
        put("v2", "v2", NOON.plusSeconds(1));
        put("v3", "v3", NOON.plusSeconds(2));

        Instant at = NOON.plusSeconds(3);
        assertThat(withdrawalOf("v3", at), is(new Withdrawal("withdrawn-v3", "v2")));
        put("withdrawn-v3", "v2", at);
        at = at.plusSeconds(1);
        assertThat(withdrawalOf("v2", at), is(new Withdrawal("withdrawn-withdrawn-v3", "v1")));
        put("withdrawn-withdrawn-v3", "v1", at);
        at = at.plusSeconds(1);
        assertThat(withdrawalOf("v1", at), is(new Withdrawal("withdrawn-withdrawn-withdrawn-v3", null)));
    }

    @Test
    public void whatPutsAVersionInForceIsWithdrawnAndNotTheVersion() {
        put("v1", "v1", NOON);
        put("v2", "v2", NOON.plusSeconds(1));
        put("withdrawn-v2", "v1", NOON.plusSeconds(2));
        put("back", "v2", NOON.plusSeconds(3));

        assertThat(Withdrawal.of(timeline, activation("v2"), NOON.plusSeconds(4)), is(nullValue()));
        assertThat(
                Withdrawal.of(timeline, activation("back"), NOON.plusSeconds(4)),
                is(new Withdrawal("withdrawn-back", "v1")));
    }

    private Activation activation(String control) {
        return timeline.activation(control).orElseThrow();
    }

    /** The withdrawal of what put a version in force last. */
    private Withdrawal withdrawalOf(String version, Instant at) {
        List<Activation> all = timeline.accepted().stream()
                .filter(one -> one.version().id().equals(version))
                .toList();
        return Withdrawal.of(timeline, all.get(all.size() - 1), at);
    }

    private void put(String control, String version, Instant from) {
        timeline = timeline.with(new Activation(
                control,
                from,
                new ScriptVersion(version, Script.javascript("// " + version)),
                control.startsWith(ControlRecord.WITHDRAWN)));
    }
}
