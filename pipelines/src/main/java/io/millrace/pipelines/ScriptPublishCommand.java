package io.millrace.pipelines;

import static java.util.Objects.requireNonNull;

import io.millrace.pipelines.script.Answers;
import io.millrace.pipelines.script.ControlHistory;
import io.millrace.pipelines.script.Publication;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.version.Activation;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlRecordException;
import io.millrace.transforms.script.version.ControlReply;
import io.millrace.transforms.script.version.Decision;
import io.millrace.transforms.script.version.ScriptTest;
import io.millrace.transforms.script.version.VersionBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a version of a route's script in force while the route runs. */
@Command(
        name = "publish",
        description = {
            "Puts a version of a route's script in force while the route runs.",
            "",
            "It is the new one in FILE, or with --again one that was accepted before; no job is restarted. The script is compiled and tested here first. Then its record is sent to where the spec says that the versions"
                    + " come from. It counts for events from a second ahead on, so that every worker knows it by then; where the record"
                    + " is long on its way, from later on. The first version counts for all events before, too. Every job compiles and tests it again before it accepts it, and a version that is refused changes nothing. The"
                    + " command waits a few seconds for what running jobs say.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  script publish play-minutes.js --spec=play-events.yaml",
            "  script publish f.js --spec=spec.yaml --route=minutes --tests=tests.json",
            "  script publish f.js --spec=spec.yaml --effective-from=2026-02-01T00:00:00Z",
            "",
            "Back to an earlier version, whose id script history shows:",
            "  script publish --again=20260131T120000Z-1a2b3c4d --spec=play-events.yaml",
            "",
            "Exit status: 0 the version is accepted; 1 it is refused, could not be sent or seen to be accepted, or was known already"
                    + " while another is in force; 2 the script, a test or the options are wrong, and nothing was sent."
        })
final class ScriptPublishCommand implements Callable<Integer> {
    private static final String ANSWERED_WITHIN = "PT5S";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int HASH_DIGITS = 8;
    private static final Map<String, String> OPTIONS =
            Map.of("effectiveFrom", "--effective-from", "id", "--id", "version", "--again", "author", "--author");
    private static final Pattern FIELD = Pattern.compile("^(" + String.join("|", OPTIONS.keySet()) + ")\\b");
    private static final String WHAT_CAN_BE_DONE =
            "Without --effective-from it counts from a second ahead on; router --script-version=ID runs past events by it";

    private final Terminal terminal;
    private final Clock clock;

    @Mixin
    private final ControlledRouteOptions options = new ControlledRouteOptions();

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The script, in UTF-8.")
    private @Nullable Path file;

    @Option(
            names = "--again",
            paramLabel = "ID",
            description = "Instead of FILE: put the version of this id in force again.")
    private @Nullable String again;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "What identifies the version; the time and a part of the text's hash unless it is given.")
    private @Nullable String id;

    @Option(
            names = "--author",
            paramLabel = "NAME",
            description = "Who publishes it; the name of this machine's user unless it is given.")
    private @Nullable String author;

    @Option(
            names = "--tests",
            paramLabel = "FILE",
            description = "What the version must make of events before it is accepted anywhere: " + TestsFile.FORM
                    + " An event without time is of the time from which the version counts.")
    private @Nullable Path tests;

    @Option(
            names = "--effective-from",
            paramLabel = "TIME",
            description =
                    "From which event time on it counts, as RFC 3339; a second ahead unless it is given. The past is for"
                            + " the first version alone.")
    private @Nullable String effectiveFrom;

    @Option(
            names = "--wait",
            defaultValue = ANSWERED_WITHIN,
            paramLabel = "DURATION",
            description = "How long to wait for what running jobs say; " + ANSWERED_WITHIN + " unless it is given.")
    @SuppressWarnings("NullAway.Init")
    private Duration wait;

    ScriptPublishCommand(Terminal terminal, Clock clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Problems problems = new Problems();
        Optional<ControlledRoute> route = options.read(problems);
        if ((file == null) == (again == null)) {
            problems.add("FILE", "must be given, or --again, but not both");
        }
        Optional<ScriptText> text = Optional.ofNullable(file).flatMap(given -> ScriptText.read(given, problems));
        List<ScriptTest> expected = TestsFile.read(tests, problems);
        Instant from = from(problems);
        problems.throwIfAny();
        text.ifPresent(read -> read.noting(problems, () -> compiled(read, route.orElseThrow())));
        problems.throwIfAny();
        return publish(route.orElseThrow(), from, record(text, expected, from));
    }

    private @Nullable Instant from(Problems problems) {
        try {
            return effectiveFrom == null ? null : Instant.parse(effectiveFrom);
        } catch (DateTimeException e) {
            problems.add("--effective-from", "must be a time such as 2026-02-01T00:00:00Z, but was " + effectiveFrom);
            return null;
        }
    }

    private static boolean compiled(ScriptText text, ControlledRoute route) {
        Script script = new Script(
                route.script().language(), text.source(), route.script().function());
        ScriptEngines.of(script.language())
                .compile(script, route.script().scriptLimits())
                .close();
        return true;
    }

    private ControlRecord record(Optional<ScriptText> text, List<ScriptTest> expected, @Nullable Instant from) {
        Instant now = clock.instant();
        String by = author == null ? System.getProperty("user.name") : author;
        String source = text.map(ScriptText::source).orElse(null);
        String rest =
                source == null ? "again" : Script.javascript(source).version().substring(0, HASH_DIGITS);
        String named = id == null ? STAMP.format(now) + "-" + rest : id;
        Instant counting = from == null ? ahead(now) : from;
        try {
            return new ControlRecord(named, source, again, counting, by, expected, null);
        } catch (ControlRecordException e) {
            throw wrong(e.problems());
        }
    }

    private static Instant ahead(Instant now) {
        return now.plus(VersionBook.AHEAD).truncatedTo(ChronoUnit.MILLIS);
    }

    private static WrongInput wrong(List<String> sentences) {
        Problems problems = new Problems();
        sentences.stream().map(ScriptPublishCommand::byOption).forEach(problems::addSentence);
        return problems.wrongInput();
    }

    /** A sentence about a field of a record as one about the option that gives it. */
    private static String byOption(String sentence) {
        Matcher field = FIELD.matcher(sentence);
        if (!field.find()) {
            return sentence;
        }
        String said = OPTIONS.get(field.group()) + sentence.substring(field.end());
        return said.endsWith(VersionBook.PAST_STAYS) ? said + ". " + WHAT_CAN_BE_DONE : said;
    }

    private int publish(ControlledRoute route, @Nullable Instant from, ControlRecord control)
            throws IOException, InterruptedException {
        ControlHistory history = route.history();
        Instant now = clock.instant();
        ControlRecord asSentNow = from == null ? control.withEffectiveFrom(ahead(now)) : control;
        boolean isFirst = history.versions().isEmpty();
        Decision expected = history.add(new Entry(asSentNow.toJson(), now));
        if (!expected.isAccepted()) {
            throw wrong(expected.problems());
        }
        if (expected.repeated()) {
            return tellRepeated(route, history, control, requireNonNull(expected.effectiveFrom()));
        }
        try (Answers answers = Answers.of(route.log(), terminal.err()::println)) {
            ControlRecord sent = new Publication(from, clock).send(control, route.log());
            terminal.out()
                    .println(sent.id() + " is in " + route.log().name() + ", for events from " + sent.effectiveFrom()
                            + " on" + (isFirst ? ", and for all before, as the first version" : ""));
            return tell(route, answers, sent);
        }
    }

    /** Nothing is sent. That is as it was wanted if the version is in force from when on it would be now, or when its time comes. */
    private int tellRepeated(ControlledRoute route, ControlHistory history, ControlRecord control, Instant from) {
        Instant now = clock.instant().plus(VersionBook.AHEAD);
        Activation then = history.at(now.isBefore(from) ? from : now).orElseThrow();
        String inForce = then.version().id();
        String known = control.id() + " is in " + route.log().name() + " already, for events from " + from + " on";
        if (inForce.equals(control.versionId())) {
            terminal.out().println(known + ", and in force: nothing was sent");
            return Commands.DONE;
        }
        terminal.out()
                .println(known + ", but version " + inForce + " is in force: nothing was sent. --again="
                        + control.versionId() + " puts it in force again");
        return Commands.FAILED;
    }

    private int tell(ControlledRoute route, Answers answers, ControlRecord sent) throws InterruptedException {
        terminal.err().println("waiting up to " + wait + " for what running jobs say");
        List<ControlReply> replies = answers.to(sent, route::isOwn, wait);
        replies.forEach(reply -> terminal.out()
                .println("route " + reply.route() + " of " + reply.pipeline() + ": " + outcome(reply.problems())));
        return replies.stream()
                .filter(route::isOwn)
                .findFirst()
                .map(reply -> reply.isAccepted() ? Commands.DONE : Commands.FAILED)
                .orElseGet(() -> tellDecision(route, sent));
    }

    private int tellDecision(ControlledRoute route, ControlRecord sent) {
        try {
            Decision decision = decision(route.history(), sent);
            terminal.out()
                    .println("no running job of route " + route.route() + " has answered; one that starts will find it "
                            + outcome(decision.problems()));
            return decision.isAccepted() ? Commands.DONE : Commands.FAILED;
        } catch (UncheckedIOException e) {
            terminal.err()
                    .println(
                            "it was sent, but whether it is accepted is not known yet, which script history will show: "
                                    + RootCause.line(e));
            return Commands.FAILED;
        }
    }

    private static Decision decision(ControlHistory history, ControlRecord sent) {
        return history.lines().stream()
                .map(ControlHistory.Line::decision)
                .filter(decision -> decision.record().equals(sent.id()))
                .reduce((before, last) -> last)
                .orElseThrow(() -> new IllegalStateException(sent.id() + " must be in the log, but is not"));
    }

    private static String outcome(List<String> problems) {
        return problems.isEmpty() ? "accepted" : "refused: " + String.join("; ", problems);
    }
}
