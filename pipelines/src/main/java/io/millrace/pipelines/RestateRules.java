package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.pipelines.router.RestatedDeadLetters;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.SideJob;
import java.util.Optional;

/** What can be restated beside a job that goes on. */
final class RestateRules {
    private RestateRules() {}

    /** Checks a job, and says all that is wrong. */
    static void check(RouterJob job) {
        Problems problems = new Problems();
        for (RouteSpec route : job.routesWithResults()) {
            whyNot(job, route)
                    .ifPresent(why -> problems.add(
                            "--spec",
                            "route " + route.name() + " to " + route.sink().name()
                                    + " cannot be restated beside the job, since " + why
                                    + ": rewind run --spec makes all of it again, up to now"));
        }
        job.topicReadTwice()
                .ifPresent(topic -> problems.add(
                        "--spec",
                        "two sources have topics of the name " + topic
                                + ", of which it is not known which was read how far"));
        if (!RestatedDeadLetters.canBeRead(job.spec())) {
            problems.add(
                    "--spec",
                    "deadLetters must go to files, s3 or kafka for a restatement, since what it gives up must be known, but went to "
                            + job.spec().deadLetters().name());
        }
        if (job.spec().ends()) {
            problems.add("--spec", "sources must not end, since only a job that goes on can be restated beside it");
        }
        problems.throwIfAny();
    }

    private static Optional<String> whyNot(RouterJob job, RouteSpec route) {
        if (job.spec().readsViews(route)
                || job.corrections(route, SideJob.shadow(0)).isEmpty()) {
            return Optional.of(job.whyNotRestated(route));
        }
        return route.keepsOrder()
                ? Optional.empty()
                : Optional.of("what its lookups in changelogs waited for is not known again");
    }
}
