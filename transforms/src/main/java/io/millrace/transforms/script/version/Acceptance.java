package io.millrace.transforms.script.version;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.engine.ScriptInput;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiles versions and runs their tests. A test has at least a second, and twenty times what an event has, so that it is not a slow machine
 * on which a version fails that others accept; after one that takes longer no other is run. All of a record together have
 * {@value #TOGETHER_SECONDS} s of the processor's time, so that no record holds back for long what comes behind it.
 */
final class Acceptance {
    private static final Duration AT_LEAST = Duration.ofSeconds(1);
    private static final long TOGETHER_SECONDS = 10;
    private static final int TIMES_THAT_OF_AN_EVENT = 20;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int MAX_SHOWN = 500;
    private static final Comparator<JsonNode> BY_VALUE = (one, other) -> one.isNumber() && other.isNumber()
            ? one.decimalValue().compareTo(other.decimalValue())
            : one.equals(other) ? 0 : 1;

    private final String language;
    private final @Nullable ScriptFunction function;
    private final ScriptLimits limits;
    private final LongSupplier spentNanos;

    Acceptance(String language, @Nullable ScriptFunction function, ScriptLimits limits) {
        this(language, function, limits, Acceptance::processorTime);
    }

    Acceptance(String language, @Nullable ScriptFunction function, ScriptLimits limits, LongSupplier spentNanos) {
        this.spentNanos = spentNanos;
        this.language = language;
        this.function = function;
        this.limits = limits.withTime(longer(limits.time()));
    }

    private static long processorTime() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }

    private static Duration longer(Duration time) {
        Duration longer = time.multipliedBy(TIMES_THAT_OF_AN_EVENT);
        return longer.compareTo(AT_LEAST) > 0 ? longer : AT_LEAST;
    }

    Script script(String source) {
        return new Script(language, source, function);
    }

    /** Throws what is wrong with a script, by its text and the tests of the record that is to put it in force. */
    void check(Script script, ControlRecord control) {
        List<String> problems = new ArrayList<>();
        try (CompiledScript compiled = ScriptEngines.of(script.language()).compile(script, limits)) {
            runTests(compiled, control, problems);
        } catch (ScriptException e) {
            e.problems().forEach(problem -> problems.add("source:" + problem));
        } catch (OutOfMemoryError e) {
            throw e; // says nothing of the script
        } catch (RuntimeException | Error e) { // no text may keep the ones behind it from being decided on
            problems.add("source must be a script that can be run, but: " + e);
        }
        if (!problems.isEmpty()) {
            throw new ControlRecordException(problems);
        }
    }

    private void runTests(CompiledScript compiled, ControlRecord control, List<String> problems) {
        long begun = spentNanos.getAsLong();
        for (int number = 0; number < control.tests().size(); number++) {
            if (spentNanos.getAsLong() - begun > TimeUnit.SECONDS.toNanos(TOGETHER_SECONDS)) {
                problems.add("tests must take at most " + TOGETHER_SECONDS
                        + " s of processor time together, but took longer");
                return;
            }
            String path = "tests[" + number + "]";
            try {
                String but = mismatch(compiled, control, number);
                if (!but.isEmpty()) {
                    problems.add(path + " must give "
                            + control.tests().get(number).expect() + ", but gave " + shortened(but));
                }
            } catch (ScriptFailure e) {
                problems.add(path + " must give " + control.tests().get(number).expect() + ", but failed: "
                        + e.getMessage());
                if (e.reason() == Reason.SCRIPT_LIMIT) {
                    return;
                }
            }
        }
    }

    /** What was given instead of what is expected; empty if that is the same. */
    private static String mismatch(CompiledScript compiled, ControlRecord control, int number) throws ScriptFailure {
        ScriptTest test = control.tests().get(number);
        Event event = event(test, number);
        Instant time = test.time() == null ? control.effectiveFrom() : test.time();
        List<byte[]> results = compiled.run(new ScriptInput(event, time.toEpochMilli(), control.versionId()));
        JsonNode expect = test.expect();
        if (expect.isBoolean()) {
            return mismatch(expect.booleanValue(), event, results);
        }
        return isAsExpected(expect, results) ? "" : text(results);
    }

    private static Event event(ScriptTest test, int number) {
        Headers.Builder headers = Headers.builder();
        test.headers().forEach(headers::add);
        byte[] key = test.key() == null ? null : test.key().getBytes(UTF_8);
        byte[] value = test.event().toString().getBytes(UTF_8);
        return Event.of(ResultId.of(new Origin("test", 0, number)), key, value, headers.build());
    }

    private static String mismatch(boolean kept, Event event, List<byte[]> results) {
        boolean isFilter = results.isEmpty() || results.size() == 1 && results.get(0) == event.value();
        if (!isFilter) {
            return text(results) + ", and true is for a script that filters alone";
        }
        return kept == !results.isEmpty() ? "" : Boolean.toString(!results.isEmpty());
    }

    private static boolean isAsExpected(JsonNode expect, List<byte[]> results) {
        if (expect.isNull()) {
            return results.isEmpty();
        }
        if (expect.isObject()) {
            return results.size() == 1 && isSame(expect, results.get(0));
        }
        boolean same = expect.size() == results.size();
        for (int i = 0; same && i < expect.size(); i++) {
            same = isSame(expect.get(i), results.get(i));
        }
        return same;
    }

    private static boolean isSame(JsonNode expect, byte[] result) {
        try {
            return expect.equals(BY_VALUE, JsonFields.parse(new String(result, UTF_8)));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static String text(List<byte[]> results) {
        List<String> texts =
                results.stream().map(result -> new String(result, UTF_8)).toList();
        return switch (texts.size()) {
            case 0 -> "null";
            case 1 -> texts.get(0);
            default -> texts.toString();
        };
    }

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }
}
