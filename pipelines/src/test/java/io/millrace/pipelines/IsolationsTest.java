package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.runnerprofiles.FlinkClusterException;
import java.util.List;
import org.junit.Test;

public class IsolationsTest {

    @Test
    public void refusesToShareAJobBesideIsolatedOnes() throws Exception {
        FlinkClusterException e = assertThrows(
                FlinkClusterException.class,
                () -> Isolations.check(spec("shared"), List.of("plays--two", "plays--one")));

        assertThat(
                e.getMessage(),
                is(
                        "jobs plays--one, plays--two of isolated routes must not run beside what the spec says now, isolation: shared,"
                                + " since every event would be delivered twice: router hand-over moves routes from one to the other"));
    }

    @Test
    public void refusesAnIsolatedJobBesideTheSharedOne() throws Exception {
        FlinkClusterException e =
                assertThrows(FlinkClusterException.class, () -> Isolations.check(spec("isolated"), List.of("plays")));

        assertThat(
                e.getMessage(),
                is(
                        "job plays of routes that share it must not run beside what the spec says now, isolation: isolated, since"
                                + " every event would be delivered twice: router hand-over moves routes from one to the other"));
    }

    @Test
    public void takesJobsOfTheSameKind() throws Exception {
        Isolations.check(spec("shared"), List.of("plays"));
        Isolations.check(spec("isolated"), List.of("plays--one", "plays--gone"));
        Isolations.check(spec("isolated"), List.of());
    }

    private static RouterSpec spec(String isolation) throws SpecProblems {
        return SpecReader.read(
                "name: plays\nisolation: " + isolation + "\nsource: {files: {path: data}}\n"
                        + "routes: [{name: one, sink: none}, {name: two, sink: none}]",
                Target.LOCAL);
    }
}
