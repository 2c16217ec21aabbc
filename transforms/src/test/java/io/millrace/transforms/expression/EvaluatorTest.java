package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import io.millrace.transforms.event.Headers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

public class EvaluatorTest {
    private static final long SEED = Long.getLong("seed", 20261122);
    private static final int ROUNDS = "soak".equals(System.getProperty("millrace.test.scale")) ? 100_000 : 2_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EVENTS = 20_000;

    /** Whatever expression meets whatever bytes: a result, or an {@link EvaluationException}, and never anything else. */
    @Test
    public void answersOrFailsInItsOwnWay() throws IOException {
        Random random = new Random(SEED);
        RandomExpressions maker = new RandomExpressions(random);
        for (int i = 0; i < ROUNDS; i++) {
            String expression = maker.expression();
            Plan.Builder builder = Plan.builder();
            Handle<Projection> projection;
            Handle<Filter> filter;
            Handle<TextExpression> text;
            Handle<TimeExpression> time;
            try {
                projection = builder.add(Projection.of(Map.of("v", expression)));
                filter = builder.add(Filter.of("dyn(" + expression + ")"));
                text = builder.add(TextExpression.of("dyn(" + expression + ")"));
                time = builder.add(TimeExpression.of("dyn(" + expression + ")"));
            } catch (ExpressionException illTyped) {
                continue;
            }
            Evaluator evaluator = builder.build().evaluator();
            for (int event = 0; event < 4; event++) {
                String document = maker.document();
                byte[] bytes = document.getBytes(UTF_8);
                if (event % 2 == 1) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                evaluator.bind(bytes, new byte[] {(byte) random.nextInt(256)}, Headers.empty(), random.nextInt());
                String what = expression + " on " + document + " with -Dseed=" + SEED;
                attempt(what, () -> JSON.readTree(evaluator.project(projection)));
                attempt(what, () -> evaluator.test(filter));
                attempt(what, () -> evaluator.text(text));
                attempt(what, () -> evaluator.time(time));
            }
        }
    }

    private interface Attempt {
        void run() throws EvaluationException, IOException;
    }

    private static void attempt(String what, Attempt attempt) throws IOException {
        try {
            attempt.run();
        } catch (EvaluationException expected) {
            assertThat(what, expected.getMessage().isEmpty(), is(false));
        } catch (RuntimeException unexpected) {
            throw new AssertionError(what, unexpected);
        }
    }

    @Test
    public void writesWhatTheDocumentHeld() throws IOException, EvaluationException {
        RandomExpressions maker = new RandomExpressions(new Random(SEED));
        Plan.Builder builder = Plan.builder();
        Handle<Projection> copied = builder.add(Projection.of(Map.of("v", "event.map")));
        Handle<Projection> rebuilt = builder.add(Projection.of(Map.of("v", "[event][0].map")));
        Handle<Filter> there = builder.add(Filter.of("has(event.map)"));
        Evaluator evaluator = builder.build().evaluator();
        for (int i = 0; i < ROUNDS; i++) {
            String document = maker.document();
            evaluator.bind(document.getBytes(UTF_8), null, Headers.empty(), Evaluator.NO_TIMESTAMP);
            if (evaluator.test(there)) {
                JsonNode expected = JSON.readTree(document).get("map");
                assertThat(document, JSON.readTree(evaluator.project(copied)).get("v"), is(expected));
                assertThat(document, JSON.readTree(evaluator.project(rebuilt)).get("v"), is(expected));
            }
        }
    }

    @Test
    public void leavesNoGarbageButTheProjectionItself() throws EvaluationException {
        Plan.Builder builder = Plan.builder();
        Handle<Filter> filter = builder.add(
                Filter.of(
                        "event.duration_s > 60 && event.country in ['US', 'CA'] && event.rate < 2.5 "
                                + "&& event.title.startsWith('t') && size(event.title) == 2 && has(event.geo.city) && key != 'x'"));
        Handle<Projection> projection = builder.add(Projection.keeping(List.of("country", "geo.city")));
        Handle<TimeExpression> time = builder.add(TimeExpression.of("event.at"));
        Evaluator evaluator = builder.build().evaluator();
        byte[] document =
                ("{\"duration_s\":61,\"country\":\"CA\",\"rate\":1.75,\"title\":\"t\u00e9\",\"geo\":{\"city\":null},"
                                + "\"at\":\"2026-01-02T03:04:05.678Z\"}")
                        .getBytes(UTF_8);
        byte[] key = {'k'};
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 2 * EVENTS; i++) {
            if (i == EVENTS) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            evaluator.bind(document, key, Headers.empty(), Evaluator.NO_TIMESTAMP);
            assertTrue(
                    evaluator.test(filter) && evaluator.time(time) > 0 && evaluator.project(projection).length == 36);
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / EVENTS;
        assertThat(each, lessThan(16L + 36 + 8));
    }

    private static void assertTrue(boolean condition) {
        if (!condition) {
            throw new AssertionError("the filter must pass and the projection be written");
        }
    }
}
