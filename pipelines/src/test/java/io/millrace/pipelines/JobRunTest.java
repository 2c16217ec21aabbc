package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.pipelines.JobRun.Progress;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.Launcher;
import io.millrace.runnerprofiles.RunnerProfile;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.Test;

public class JobRunTest {
    private static final String SPEC = """
            name: plays
            source: {files: {path: in}}
            routes:
              - name: all
                sink: {console: {}}
            """;

    @Test
    public void anErrorIsAFailureOfTheJob() throws SpecProblems {
        RouterSpec spec = SpecReader.read(SPEC, Target.LOCAL);
        JobRun run = new JobRun(RouterJob.anew(spec, spec.routes(), "lineage"));
        CountDownLatch ends = new CountDownLatch(1);

        try (Launcher launcher = RunnerProfile.DIRECT.launcher()) {
            run.run(
                    launcher,
                    job -> {
                        throw new NoSuchMethodError("'void Client.close()'");
                    },
                    ends);
        }

        assertThat(ends.getCount(), is(0L));
        assertThat(run.progress(), is(Progress.FAILED));
        assertThat(run.failure(), is(Optional.of("route all failed: NoSuchMethodError: 'void Client.close()'")));
    }
}
