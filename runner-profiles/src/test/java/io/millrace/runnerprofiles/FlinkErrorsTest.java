package io.millrace.runnerprofiles;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.Optional;
import org.junit.Test;

public class FlinkErrorsTest {

    @Test
    public void findsTheInnermostCauseOfWhatTheServerThrew() {
        String body = "{\"errors\":[\"Internal server error.\",\"<Exception on server side:\\n"
                + "org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: no\\n"
                + "\\tat org.apache.flink.client.program.PackagedProgram.callMainMethod(PackagedProgram.java:372)\\n"
                + "Caused by: java.lang.RuntimeException: no\\n\\tat a.B.c(B.java:1)\\n"
                + "Caused by: java.lang.IllegalStateException: topic plays must exist\\n\\t... 13 more\\n\\n"
                + "End of exception on server side>\"]}";

        assertThat(FlinkErrors.message(500, body), is("topic plays must exist"));
    }

    @Test
    public void takesTheOnlyExceptionWhereThereIsNoCause() {
        assertThat(
                FlinkErrors.rootCause("org.apache.flink.util.FlinkException: Coordinator failed\n\tat a.B.c(B.java:1)"),
                is(Optional.of("Coordinator failed")));
    }

    @Test
    public void namesTheKindOfACauseWithoutAMessage() {
        assertThat(
                FlinkErrors.rootCause("java.lang.RuntimeException: x\nCaused by: java.lang.StackOverflowError"),
                is(Optional.of("StackOverflowError")));
    }

    @Test
    public void passesOnAPlainMessage() {
        assertThat(
                FlinkErrors.message(404, "{\"errors\":[\"Jar file x does not exist\"]}"),
                is("Jar file x does not exist"));
    }

    @Test
    public void givesTheStatusWhereThereIsNoMessage() {
        assertThat(FlinkErrors.message(503, "{\"errors\":[]}"), is("the cluster answered 503"));
    }
}
