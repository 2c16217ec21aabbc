package io.millrace.testfixtures.historyserver;

import io.millrace.testfixtures.history.Behaviour.Act;
import io.millrace.testfixtures.history.Behaviour.Deed;
import io.millrace.testfixtures.history.Behaviour.RetryAfter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Takes the lookups, records them, and does with each what the script says. */
final class Lookups {
    /** As a date has whole seconds, it is rounded up. */
    private static final Duration ALMOST_A_SECOND = Duration.ofMillis(999);

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final GenericFutureListener<Future<Object>> FAILURES = Lookups::tell;

    private final Clock clock;
    private final EventLoop loop;
    private final Map<Exchange, Lookup> hanging = new LinkedHashMap<>();
    private Script script;
    private CallLog log = new CallLog();
    private long calls;
    private long keys;
    private long inFlight;
    private long mostInFlight;

    Lookups(Script script, Clock clock, EventLoop loop) {
        this.script = script;
        this.clock = clock;
        this.loop = loop;
    }

    void behave(Script other) {
        script = other;
    }

    void forget() {
        log = new CallLog();
        calls = 0;
        keys = 0;
        mostInFlight = inFlight;
    }

    CallLog log() {
        return log;
    }

    /** Calls, keys, calls in flight, the most of those. */
    List<Long> counters() {
        return List.of(calls, keys, inFlight, mostInFlight);
    }

    /** Answers what hangs, and returns how many that were. */
    int releaseHanging() {
        List<Lookup> released = new ArrayList<>(hanging.values());
        released.forEach(lookup -> lookup.exchange().answer(lookup.answer()));
        return released.size();
    }

    void take(Lookup lookup) {
        Rule rule = script.ruleFor(lookup.keys(), System.nanoTime());
        log.add(clock.millis(), lookup.method(), outcome(rule.deed(), lookup), lookup.keys());
        calls++;
        keys += lookup.keys().size();
        inFlight++;
        mostInFlight = Math.max(mostInFlight, inFlight);
        lookup.exchange().afterwards(() -> end(lookup));
        carryOutInTime(rule, lookup);
    }

    private void end(Lookup lookup) {
        inFlight--;
        hanging.remove(lookup.exchange());
    }

    private static String outcome(Deed deed, Lookup lookup) {
        return switch (deed.act()) {
            case ANSWER -> String.valueOf(lookup.status());
            case SAY -> String.valueOf(deed.status());
            case HANG, RESET, RESET_IN_MID_ANSWER, CLOSE -> name(deed.act());
        };
    }

    private static String name(Act act) {
        return act.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void carryOutInTime(Rule rule, Lookup lookup) {
        long latency = rule.latencyNanos();
        if (latency == 0) {
            carryOut(rule, lookup);
        } else {
            loop.schedule(() -> carryOut(rule, lookup), latency, TimeUnit.NANOSECONDS)
                    .addListener(FAILURES);
        }
    }

    private void carryOut(Rule rule, Lookup lookup) {
        Exchange exchange = lookup.exchange();
        if (exchange.isOver()) {
            return;
        }
        switch (rule.deed().act()) {
            case ANSWER -> exchange.answer(lookup.answer(rule.padding()));
            case SAY -> exchange.answer(said(rule));
            case HANG -> hanging.put(exchange, lookup);
            case RESET -> exchange.connection().reset();
            case RESET_IN_MID_ANSWER -> exchange.connection().resetInMidAnswer(lookup.answer());
            case CLOSE -> exchange.connection().close();
        }
    }

    private Answer said(Rule rule) {
        Answer answer = Answer.json(rule.deed().status(), rule.said());
        RetryAfter retryAfter = rule.deed().retryAfter();
        return retryAfter == null ? answer : answer.with("retry-after", text(retryAfter));
    }

    private String text(RetryAfter retryAfter) {
        return retryAfter.asDate()
                ? HTTP_DATE.format(clock.instant().plus(ALMOST_A_SECOND).plusSeconds(retryAfter.seconds()))
                : String.valueOf(retryAfter.seconds());
    }

    private static void tell(Future<?> end) {
        if (!end.isSuccess()) {
            end.cause().printStackTrace();
        }
    }
}
