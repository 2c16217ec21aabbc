package io.millrace.benchmarks.expression;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.hamcrest.Matcher;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** Ours and the hand-written answer the same bytes, or refuse for the same reason, for every case that is measured. */
@RunWith(Parameterized.class)
public class JobTest {
    private static final long SEED = Long.getLong("seed", 20261122);
    private static final int ROUNDS = 4_000;
    private static final int ROUNDS_OF_LARGE = 200;

    @Parameters(name = "{0}")
    public static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            for (int bytes : List.of(200, 2_000, 20_000)) {
                for (int predicates : List.of(1, 5, 20)) {
                    cases.add(new Case(predicates, shape, bytes, false));
                }
            }
        }
        return cases;
    }

    private final Case measured;
    private final Job ours;
    private final Job byHand;

    public JobTest(Case measured) {
        this.measured = measured;
        this.ours = measured.ours();
        this.byHand = measured.byHand();
    }

    @Test
    public void answersTheSameForWhatIsMeasured() {
        Map<String, Integer> outcomes = new HashMap<>();
        for (byte[] document : JobMeasurement.documents(measured)) {
            outcomes.merge(kind(answer(document)), 1, Integer::sum);
        }
        assertThat(outcomes.keySet(), is(Set.of("passed", "filtered")));
    }

    @Test
    public void answersTheSameHoweverTheDocumentIsWritten() {
        Random random = new Random(SEED);
        Documents documents = new Documents(SEED, measured.shape(), true);
        Map<String, Integer> outcomes = new HashMap<>();
        int rounds = measured.bytes() > 10_000 ? ROUNDS_OF_LARGE : ROUNDS;
        for (int i = 0; i < rounds; i++) {
            Variation variation = new Variation(random);
            byte[] document = variation.write(documents.event(measured.bytes()));
            outcomes.merge(kind(answer(document)), 1, Integer::sum);
            outcomes.merge(kind(answer(variation.broken(document))), 1, Integer::sum);
        }
        assertThat(
                outcomes,
                allOf(List.of("passed", "filtered", "FAILED", "NOT_JSON").stream()
                        .map(kind -> hasEntry(is(kind), greaterThan(rounds / 100)))
                        .toList()
                        .toArray(Matcher[]::new)));
    }

    @Test
    public void refusesWhatIsNoObject() {
        for (String document : List.of("", " ", "null", "[1]", "{} {}", "{", "{\"a\":1,}", "[".repeat(600))) {
            assertThat(document, answer(document.getBytes(UTF_8)), is("NOT_JSON"));
        }
        for (int inside : List.of(511, 512)) {
            String nested = "{\"a\":" + "[".repeat(inside) + "]".repeat(inside) + "}";
            assertThat(answer(nested.getBytes(UTF_8)), is(inside == 511 ? "FAILED" : "NOT_JSON"));
        }
    }

    private static String kind(String answer) {
        return answer.startsWith("{") ? "passed" : answer;
    }

    /** What both answer. */
    private String answer(byte[] document) {
        String answer = answer(ours, document);
        assertThat(new String(document, ISO_8859_1) + " with -Dseed=" + SEED, answer(byHand, document), is(answer));
        return answer;
    }

    private static String answer(Job job, byte[] document) {
        try {
            byte[] projection = job.route(document);
            return projection == null ? "filtered" : new String(projection, ISO_8859_1);
        } catch (Refusal e) {
            return e.reason().name();
        }
    }
}
