package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import io.millrace.transforms.event.Headers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.Test;

/** Our evaluation against dev.cel's own, on random expressions and documents. */
public class StandardTest {
    private static final long SEED = Long.getLong("seed", 20261122);
    private static final int ROUNDS = "soak".equals(System.getProperty("millrace.test.scale")) ? 100_000 : 3_000;
    private static final String KEY = "ab";
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Headers HEADERS =
            Headers.builder().add("h", "US").add("none", (byte[]) null).build();

    @Test
    public void agreesWithTheStandardEvaluator() throws Exception {
        RandomExpressions maker = new RandomExpressions(new Random(SEED));
        List<String> disagreements = new ArrayList<>();
        int values = 0;
        int errors = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String document = maker.document();
            Optional<Checked> checked = checked(maker.expression());
            if (checked.isEmpty()) {
                continue;
            }
            Optional<Object> ours = ours(checked.get(), document);
            Optional<Object> theirs = theirs(checked.get(), document);
            boolean same = ours.isPresent() && theirs.isPresent()
                    ? same(ours.get(), theirs.get())
                    : ours.isEmpty() && theirs.isEmpty();
            if (!same) {
                disagreements.add(checked.get().source() + " on " + document + " is " + ours + ", should be " + theirs);
            }
            values += ours.isPresent() ? 1 : 0;
            errors += ours.isPresent() ? 0 : 1;
        }
        assertThat("with -Dseed=" + SEED, disagreements, is(empty()));
        assertThat("values among " + ROUNDS, values, greaterThan(ROUNDS / 4));
        assertThat("errors among " + ROUNDS, errors, greaterThan(ROUNDS / 10));
    }

    private static Optional<Checked> checked(String expression) {
        try {
            return Optional.of(Checker.check(expression, Wanted.JSON));
        } catch (ExpressionException illTyped) {
            return Optional.empty();
        }
    }

    private static Optional<Object> ours(Checked checked, String document) {
        Path root = Path.document();
        Compiler.Program program = Compiler.compile(checked, root, Sharing.none());
        Slots slots = new Slots(root.number(0));
        assertThat(document, new Scanner(slots).scan(document.getBytes(UTF_8), root), is(nullValue()));
        Frame frame = new Frame(slots, program.locals());
        frame.bind(KEY.getBytes(UTF_8), HEADERS, TIME.toEpochMilli());
        int kind = program.node().evaluate(frame);
        return kind == Kind.ERROR ? Optional.empty() : Optional.of(frame.boxed(kind));
    }

    private static Optional<Object> theirs(Checked checked, String document) throws Exception {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put("h", "US");
        headers.put("none", NullValue.NULL_VALUE);
        try {
            return Optional.of(StandardEvaluator.evaluate(checked.tree(), document, KEY, headers, TIME));
        } catch (CelEvaluationException error) {
            return Optional.empty();
        }
    }

    /** Of the same types, and the same to the last bit. */
    private static boolean same(Object ours, Object theirs) {
        if (ours instanceof List<?> list && theirs instanceof List<?> others) {
            Iterator<?> other = others.iterator();
            return list.size() == others.size() && list.stream().allMatch(each -> same(each, other.next()));
        }
        if (ours instanceof Map<?, ?> map && theirs instanceof Map<?, ?> others) {
            return map.keySet().equals(others.keySet())
                    && map.keySet().stream().allMatch(key -> same(map.get(key), others.get(key)));
        }
        return ours.equals(theirs);
    }
}
