package io.millrace.transforms.script;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;

import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.SystemClock;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.MemoryLog;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.beam.runners.core.metrics.MetricsContainerImpl;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.junit.Test;

/** Which versions tasks keep, and of which failures they make a withdrawal. */
public class VersionsInTaskTest {
    private static final Instant NOON = Instant.parse("2020-01-31T12:00:00Z");
    private static final String ALL = "function filter(event) { return true }";

    private final MemoryLog log = new MemoryLog(Clock.fixed(NOON.minusSeconds(60), ZoneOffset.UTC));
    private final DynamicVersions versions = new DynamicVersions(log, "javascript", null, null, 0.5, 10);
    private final Instant now = SystemClock.utc().instant().truncatedTo(ChronoUnit.MILLIS);

    @Test
    public void failuresOfThePastWithdrawNothing() throws Exception {
        publish("v1", NOON);
        publish("v2", NOON.plusSeconds(10));

        try (Versions.InTask task = open(versions)) {
            process(task, NOON.plusSeconds(60), 25, true);
            process(task, now, 4, false);
            process(task, now, 6, true);

            assertWithdrawal(3, "withdrawn-v2", "6 of the last 10 events");
            MetricsContainerImpl metrics = new MetricsContainerImpl("Run");
            eventually("withdrawals", () -> withdrawals(task, metrics), is(1L));
        }
    }

    @Test
    public void failuresOfAnotherTimeInForceWithdrawNothing() throws Exception {
        publish("v1", NOON);
        publish("v2", now.minusSeconds(300));
        log.append(ControlRecord.ofVersion("off", "v1", now.minusSeconds(200), "ann"));
        log.append(ControlRecord.ofVersion("back", "v2", now.minusSeconds(100), "ann"));

        try (Versions.InTask task = open(versions)) {
            process(task, now.minusSeconds(250), 25, true);
            process(task, now, 4, false);
            process(task, now.minusSeconds(250), 9, true);
            process(task, now, 6, true);
        }

        assertWithdrawal(5, "withdrawn-back", "6 of the last 10 events");
    }

    private static long withdrawals(Versions.InTask task, MetricsContainerImpl metrics) throws IOException {
        try (Closeable scope = MetricsEnvironment.scopedMetricsContainer(metrics)) {
            task.finishBundle();
        }
        return metrics.getCounter(MetricName.named(RouteMetrics.namespace("plays", "us"), "script_withdrawn"))
                .getCumulative();
    }

    private void assertWithdrawal(int size, String id, String why) throws Exception {
        ControlRecord withdrawal = ControlRecord.parse(eventually("the withdrawal", log::history, hasSize(size))
                .get(size - 1)
                .text());
        assertThat(withdrawal.id(), is(id));
        assertThat(withdrawal.reason(), is(why + " of a task failed, and more than 0.5 of them may not"));
    }

    @Test
    public void aFewDozenVersionsAreEachCompiledOnce() throws Exception {
        for (int i = 0; i < 32; i++) {
            publish("v" + i, NOON.plusSeconds(i));
        }
        try (Versions.InTask task = open(versions)) {
            Versions.Version first = at(task, NOON);
            for (int i = 1; i < 32; i++) {
                assertThat(at(task, NOON.plusSeconds(i)), is(not(sameInstance(first))));
            }
            assertThat(at(task, NOON), is(sameInstance(first)));
        }
    }

    @Test
    public void tasksOfOneVersionReadTheLogOnceAndSayNothing() throws Exception {
        publish("v1", NOON);
        DynamicVersions fixed = versions.withFixed("v1");
        try (Versions.InTask one = open(fixed)) {
            assertThat(at(one, now).mark(Headers.empty()).size(), is(1));
            try (Versions.InTask other = open(fixed)) {
                at(other, now);
            }
            assertThat(log.opened(), is(1));
            assertThat(log.open(0), is(1));
        }
        eventually("readers of the log", () -> log.open(0), is(0));
        assertThat(log.replies(), is(empty()));
    }

    private static Versions.InTask open(DynamicVersions versions) throws InterruptedException {
        return versions.open(ScriptLimits.DEFAULT, "plays", "us");
    }

    private static Versions.Version at(Versions.InTask task, Instant time) throws InterruptedException {
        return task.at(time.toEpochMilli());
    }

    private static void process(Versions.InTask task, Instant time, int events, boolean failed)
            throws InterruptedException {
        for (int i = 0; i < events; i++) {
            at(task, time).processed(failed);
        }
    }

    private void publish(String id, Instant from) throws IOException {
        log.append(ControlRecord.ofSource(id, ALL, from, "ann"));
    }
}
