package io.millrace.transforms.script;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** What is refused where a transform of versions is made, and when a version fails too often. */
public class RunScriptVersionsTest {
    private static final RunScript VERSIONS = RunScript.versionsFrom(new NoLog(), "javascript", ScriptFunction.MAP);

    @Test
    public void wrongSettingsAreRefused() {
        assertThat(refusal(() -> VERSIONS.withVersion(" ")), is("version must not be empty, but was ' '"));
        assertThat(
                refusal(() -> VERSIONS.withWithdrawal(0, 10)),
                is("share must be more than 0 and at most 1, but was 0.0"));
        assertThat(
                refusal(() -> VERSIONS.withWithdrawal(1.1, 10)),
                is("share must be more than 0 and at most 1, but was 1.1"));
        assertThat(refusal(() -> VERSIONS.withWithdrawal(0.5, 0)), is("events must be at least 1, but was 0"));
        assertThat(
                refusal(() -> RunScript.versionsFrom(new NoLog(), "cobol", null)),
                is(
                        "language must be one of [Groovy, groovy, javascript], but was 'cobol': another one needs its engine on the"
                                + " class path, which -Pgraaljs adds for graaljs"));
    }

    @Test
    public void oneTextHasNoVersions() {
        RunScript one = RunScript.of(Script.javascript("function filter(event) { return true }"));

        assertThat(refusal(() -> one.withVersion("v1")), is("a script must have versions, but has one text"));
        assertThat(refusal(() -> one.withWithdrawal(0.5, 10)), is("a script must have versions, but has one text"));
    }

    @Test
    public void aShareIsOfBlocksOfEvents() {
        FailureShare share = new FailureShare(4, 0.5);

        assertThat(added(share, false, true, true, false), is(List.of(0, 0, 0, 0)));
        assertThat(added(share, true, true, false, true), is(List.of(0, 0, 0, 3)));
        assertThat(added(share, false, false, false, true), is(List.of(0, 0, 0, 0)));
        assertThat(added(new FailureShare(1, 1), true, true), is(List.of(0, 0)));
    }

    private static List<Integer> added(FailureShare share, boolean... failed) {
        return IntStream.range(0, failed.length)
                .mapToObj(event -> share.add(failed[event]))
                .toList();
    }

    private static String refusal(ThrowingRunnable action) {
        return assertThrows(IllegalArgumentException.class, action).getMessage();
    }

    /** A log that nobody reads. */
    private record NoLog() implements ControlLog {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public boolean exists() {
            return false;
        }

        @Override
        public Reader open() throws IOException {
            throw new IOException("none");
        }

        @Override
        public Writer write() throws IOException {
            throw new IOException("none");
        }

        @Override
        public void reply(List<ControlReply> replies) throws IOException {
            throw new IOException("none");
        }

        @Override
        public Replies listen() throws IOException {
            throw new IOException("none");
        }
    }
}
