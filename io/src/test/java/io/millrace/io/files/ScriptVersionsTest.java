package io.millrace.io.files;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import com.google.common.base.Throwables;
import com.google.common.collect.Iterables;
import io.millrace.testfixtures.Counters;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.script.RunScript;
import io.millrace.transforms.script.Scripted;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlReply;
import io.millrace.transforms.script.version.VersionBook;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What becomes of events while versions of a script come, by a control log in a file. */
public class ScriptVersionsTest {
    private static final Instant NOON = Instant.parse("2020-01-31T12:00:00Z");
    private static final String FAILS = "function map(event) { return event.none.there }";
    private static final Map<String, Queue<String>> SEEN = new ConcurrentHashMap<>();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String path;

    @Before
    public void prepare() {
        path = folder.getRoot() + "/control/script.jsonl";
    }

    @Test
    public void anEventIsProcessedByTheVersionInForceAtItsTime() throws Exception {
        publish(version("v1", NOON.minusSeconds(3600)));
        publish(version("v2", NOON));
        publish(ControlRecord.ofVersion("back", "v1", NOON.plusSeconds(60), "ann"));

        assertThat(
                run(
                        script(),
                        event(0, NOON.minusSeconds(86_400)),
                        event(1, NOON.minusMillis(1)),
                        event(2, NOON),
                        event(3, NOON.plusMillis(59_999)),
                        event(4, NOON.plusSeconds(60)),
                        event(5, Instant.now(Clock.systemUTC()))),
                contains("0 v1 [v1]", "1 v1 [v1]", "2 v2 [v2]", "3 v2 [v2]", "4 v1 [v1]", "5 v1 [v1]"));
    }

    @Test
    public void anEventWithoutATimeIsProcessedByTheFirstVersion() throws Exception {
        publish(version("v1", NOON));
        publish(version("v2", NOON.plusSeconds(1)));

        assertThat(run(script(), TimestampedValue.of(event(7), DeadLetter.NO_TIME)), contains("7 v1 [v1]"));
    }

    @Test
    public void theNameOfTheVersionReplacesOneThatTheEventHad() throws Exception {
        publish(version("v1", NOON));
        Headers before = Headers.builder()
                .add(RunScript.VERSION_HEADER, "other")
                .add(RunScript.PROVISIONAL_HEADER, "true")
                .add("trace", "t1")
                .add(RunScript.VERSION_HEADER, "another")
                .build();
        Event event = Event.of(event(7).id(), null, event(7).value(), before);

        assertThat(
                run(script(), TimestampedValue.of(event, org.joda.time.Instant.EPOCH)),
                contains("7 v1 [v1, trace=t1]"));
    }

    @Test
    public void whatTheVersionIsNotKnownOfSaysSo() throws Exception {
        publish(version("v1", NOON));

        assertThat(
                run(
                        script(),
                        event(1, NOON),
                        event(2, Instant.now(Clock.systemUTC()).plusSeconds(86_400)),
                        event(3, NOON)),
                contains("1 v1 [v1]", "2 v1 [v1, millrace-script-provisional=true]", "3 v1 [v1]"));
        assertThat(Counters.of(result, "millrace.plays." + path), hasEntry("script_provisional", 1L));
    }

    @Test
    public void whatIsRefusedChangesNothingAndIsReplied() throws Exception {
        publish(version("v1", NOON));
        publish(ControlRecord.ofSource("v2", "function map( {", NOON.plusSeconds(1), "ann"));
        log(Clock.systemUTC()).append(version("v3", NOON.plusSeconds(2)));
        ControlLog.Replies said = log(Clock.systemUTC()).listen();

        assertThat(run(script(), event(1, NOON.plusSeconds(60))), contains("1 v1 [v1]"));
        eventually("replies", () -> replies("v3", said), hasItem(not(containsString("accepted"))));
    }

    private static List<String> replies(String control, ControlLog.Replies said) throws Exception {
        return said.read().stream()
                .filter(reply -> reply.record().equals(control))
                .map(ControlReply::toJson)
                .toList();
    }

    @Test
    public void eventsWaitForAFirstVersion() throws Exception {
        PipelineResult running = start(script(), event(1, NOON), event(2, NOON.plusSeconds(60)));
        publish(version("v1", NOON.plusSeconds(1)));
        running.waitUntilFinish();

        assertThat(seen(), contains("1 v1 [v1]", "2 v1 [v1]"));
    }

    @Test
    public void oneVersionMayProcessEveryEvent() throws Exception {
        publish(version("v1", NOON));
        publish(version("v2", NOON.plusSeconds(10)));

        assertThat(
                run(script().withVersion("v2"), event(1, NOON), event(2, NOON.plusSeconds(60))),
                contains("1 v2 [v2]", "2 v2 [v2]"));
    }

    @Test
    public void aVersionThatIsNotThereFailsTheJobAtItsStart() throws Exception {
        publish(version("v1", NOON));

        Throwable failure = assertThrows(Throwable.class, () -> run(script().withVersion("v2"), event(1, NOON)));
        assertThat(
                Throwables.getRootCause(failure).getMessage(),
                is("script version must be one that is accepted in control log " + path + ", but was 'v2'"));
    }

    @Test
    public void anyNumberOfVersionsIsUsedInTurn() throws Exception {
        List<TimestampedValue<Event>> events = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            publish(version("v" + i, NOON.plusSeconds(i)));
        }
        for (int i = 0; i < 36; i++) {
            events.add(event(100 + i, NOON.plusSeconds(i % 12)));
            expected.add(100 + i + " v" + i % 12 + " [v" + i % 12 + "]");
        }

        assertThat(run(script(), events), is(expected));
    }

    @Test
    public void aRerunGivesTheSame() throws Exception {
        publish(version("v1", NOON));
        publish(version("v2", NOON.plusSeconds(10)));
        List<TimestampedValue<Event>> events = Stream.of(0, 9_999, 10_000, 20_000)
                .map(millis -> event(millis, NOON.plusMillis(millis)))
                .toList();
        List<String> first = run(script(), events);
        log(Clock.systemUTC()).append(version("v3", NOON.plusSeconds(5)));
        publish(version("v4", Instant.now(Clock.systemUTC()).plusSeconds(3600).truncatedTo(ChronoUnit.MILLIS)));

        assertThat(first, containsInAnyOrder("0 v1 [v1]", "9999 v1 [v1]", "10000 v2 [v2]", "20000 v2 [v2]"));
        assertThat(run(script(), events), is(first));
    }

    @Test
    public void aVersionThatFailsIsWithdrawnFromATimeOnForEverybody() throws Exception {
        publish(version("v1", NOON));
        publish(ControlRecord.ofSource("v2", FAILS, NOON.plusSeconds(10), "ann"));
        List<TimestampedValue<Event>> failing = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            failing.add(event(i, Instant.now(Clock.systemUTC())));
        }
        run(script().withWithdrawal(0.5, 10), failing);

        waitUntil("a withdrawal that came in time", () -> isInTime("withdrawn-v2", newest()));
        ControlRecord withdrawal = ControlRecord.parse(newest().text());
        assertThat(
                withdrawal,
                is(ControlRecord.ofVersion("withdrawn-v2", "v1", withdrawal.effectiveFrom(), "millrace")
                        .withReason("10 of the last 10 events of a task failed, and more than 0.5 of them may not")));
        waitUntil(
                "the withdrawal's time has come",
                () -> Clock.systemUTC()
                        .instant()
                        .isAfter(withdrawal.effectiveFrom().plusMillis(500)));
        assertThat(
                run(
                        script(),
                        event(1, NOON.plusSeconds(60)),
                        event(2, withdrawal.effectiveFrom().minusMillis(1)),
                        event(3, withdrawal.effectiveFrom())),
                contains("1 scriptFailed", "2 scriptFailed", "3 v1 [v1]"));
    }

    private ControlLog.Entry newest() throws IOException {
        return Iterables.getLast(log(Clock.systemUTC()).history());
    }

    /** What is published too late is written again, for a later time. */
    private static boolean isInTime(String id, ControlLog.Entry entry) {
        ControlRecord said = ControlRecord.parse(entry.text());
        return said.id().equals(id)
                && entry.published() != null
                && !said.effectiveFrom().isBefore(entry.published().plus(VersionBook.LEAD));
    }

    @Test
    public void aVersionThatFailsForHalfOfTheEventsStays() throws Exception {
        publish(version("v1", NOON));
        publish(ControlRecord.ofSource(
                "v2",
                "function map(event) { if (event.n % 2 == 1) throw 'odd'; return { n: event.n, by: 'v2' } }",
                NOON.plusSeconds(10),
                "ann"));
        List<TimestampedValue<Event>> events = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            events.add(event(i, NOON.plusSeconds(60)));
        }
        run(script().withWithdrawal(1, 1), events);

        assertThat(log(Clock.systemUTC()).history().size(), is(2));
    }

    private RunScript script() {
        return RunScript.versionsFrom(FileEvents.controlLog(path), "javascript", null);
    }

    private ControlRecord version(String id, Instant from) {
        return ControlRecord.ofSource(
                id, "function map(event) { return { n: event.n, by: '" + id + "' } }", from, "ann");
    }

    /** Publishes a record long before its time. */
    private void publish(ControlRecord control) throws Exception {
        log(Clock.fixed(NOON.minusSeconds(86_400), ZoneOffset.UTC)).append(control);
    }

    private FileLog log(Clock clock) {
        return new FileLog(path, clock);
    }

    @SafeVarargs
    private List<String> run(RunScript script, TimestampedValue<Event>... events) {
        return run(script, List.of(events));
    }

    private List<String> run(RunScript script, List<TimestampedValue<Event>> events) {
        start(script, events).waitUntilFinish();
        return seen();
    }

    @SafeVarargs
    private PipelineResult start(RunScript script, TimestampedValue<Event>... events) {
        return start(script, List.of(events));
    }

    private PipelineResult result;

    private PipelineResult start(RunScript script, List<TimestampedValue<Event>> events) {
        SEEN.put(path, new ConcurrentLinkedQueue<>());
        DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
        options.setBlockOnRun(false);
        Pipeline pipeline = Pipeline.create(options);
        Scripted scripted = pipeline.apply(Create.timestamped(events).withCoder(EventCoder.of()))
                .apply(script.ofRoute("plays", path));
        scripted.results().apply("Results", ParDo.of(new NoteResults(path)));
        scripted.deadLetters().apply("DeadLetters", ParDo.of(new NoteDeadLetters(path)));
        result = pipeline.run();
        return result;
    }

    private List<String> seen() {
        TreeMap<Integer, String> ordered = new TreeMap<>();
        SEEN.get(path).forEach(line -> ordered.put(Integer.valueOf(line.substring(0, line.indexOf(' '))), line));
        assertThat(ordered.size(), is(SEEN.get(path).size()));
        return List.copyOf(ordered.values());
    }

    private static TimestampedValue<Event> event(int number, Instant time) {
        return TimestampedValue.of(event(number), org.joda.time.Instant.ofEpochMilli(time.toEpochMilli()));
    }

    private static Event event(int number) {
        return Event.of(
                ResultId.of(new Origin("plays", 0, number)),
                null,
                ("{\"n\":" + number + "}").getBytes(UTF_8),
                Headers.empty());
    }

    private static final class NoteResults extends DoFn<Event, Void> {
        private static final long serialVersionUID = 1;
        private final String path;

        NoteResults(String path) {
            this.path = path;
        }

        @ProcessElement
        public void note(@Element Event event) {
            String value = new String(event.value(), UTF_8);
            String by = value.replaceAll(".*\"by\":\"([^\"]*)\".*", "$1");
            SEEN.get(path).add(event.id().origin().offset() + " " + by + " " + headers(event.headers()));
        }

        private static List<String> headers(Headers headers) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < headers.size(); i++) {
                String value = new String(headers.value(i), UTF_8);
                if (headers.name(i).equals(RunScript.VERSION_HEADER)) {
                    texts.add(0, value);
                } else {
                    texts.add(headers.name(i) + "=" + value);
                }
            }
            return texts;
        }
    }

    private static final class NoteDeadLetters extends DoFn<DeadLetter, Void> {
        private static final long serialVersionUID = 1;
        private final String path;

        NoteDeadLetters(String path) {
            this.path = path;
        }

        @ProcessElement
        public void note(@Element DeadLetter deadLetter) {
            SEEN.get(path)
                    .add(deadLetter.event().id().origin().offset() + " "
                            + deadLetter.reason().text());
        }
    }
}
