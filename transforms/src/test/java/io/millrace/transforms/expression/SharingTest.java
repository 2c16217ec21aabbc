package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.TestScale;
import io.millrace.transforms.event.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

public class SharingTest {
    private static final long SEED = Long.getLong("seed", 5);
    private static final int ROUNDS = TestScale.choose(400, 20_000);

    private final Random random = new Random(SEED);
    private final RandomExpressions expressions = new RandomExpressions(random);

    @Test
    public void givesWhatEachExpressionGivesAlone() {
        for (int round = 0; round < ROUNDS; round++) {
            List<Projection> projections = projections();
            Projections together = new Projections(projections);
            List<Projections> alone = projections.stream()
                    .map(projection -> new Projections(List.of(projection)))
                    .toList();
            for (int event = 0; event < 5; event++) {
                String document = expressions.document();
                together.bind(document);
                for (int position = 0; position < projections.size(); position++) {
                    assertThat(
                            "seed " + SEED + ": " + projections.get(position) + " of " + document,
                            together.result(position),
                            is(alone.get(position).bind(document).result(0)));
                }
            }
        }
    }

    @Test
    public void evaluatesOnceWhatStandsInSeveralPlaces() {
        Plan.Builder several = Plan.builder();
        several.add(Filter.of("event.title.matches('a.*b') && event.n * 2 > 7"));
        several.add(Filter.of("event.n * 2 > 9 || event.title.matches('a.*b')"));
        several.add(Projection.of(Map.of("twice", "event.n * 2", "other", "event.n * 3")));
        Plan.Builder apart = Plan.builder();
        apart.add(Filter.of("event.title == 'a' && event.tags.exists(t, t * 2 > 4 && t * 2 < 9)"));
        apart.add(Filter.of("event.title == 'a'"));

        assertThat(several.build().sharedNodes(), is(2)); // the match, and twice the number
        assertThat(
                apart.build().sharedNodes(), is(0)); // what a table looks up, and what is another thing each time round
    }

    /** Projections of a few expressions, each in several places. */
    private List<Projection> projections() {
        List<String> few = List.of(valid(), valid(), "size([" + valid() + "])", "[1, 2].map(x, [x, " + valid() + "])");
        List<Projection> projections = new ArrayList<>();
        for (int number = 0; number < 6; number++) {
            String one = few.get(random.nextInt(few.size()));
            String two = few.get(random.nextInt(few.size()));
            add(projections, "[" + one + ", " + two + "]");
            add(projections, "dyn(" + one + ") == dyn(" + two + ")");
            add(projections, "[" + two + "].exists(e, dyn(e) == dyn(" + one + "))");
        }
        return projections;
    }

    private static void add(List<Projection> projections, String expression) {
        try {
            projections.add(Projection.of(Map.of("v", expression)));
        } catch (ExpressionException e) {
            // two valid expressions need not fit each other
        }
    }

    private String valid() {
        while (true) {
            String expression = expressions.expression();
            try {
                Projection.of(Map.of("v", "[" + expression + "]"));
                return "(" + expression + ")";
            } catch (ExpressionException e) {
                // the next one may be
            }
        }
    }

    private static final class Projections {
        private final List<Handle<Projection>> handles = new ArrayList<>();
        private final Evaluator evaluator;

        Projections(List<Projection> projections) {
            Plan.Builder builder = Plan.builder();
            projections.forEach(projection -> handles.add(builder.add(projection)));
            evaluator = builder.build().evaluator();
        }

        Projections bind(String document) {
            evaluator.bind(document.getBytes(UTF_8), null, Headers.empty(), 7);
            return this;
        }

        String result(int position) {
            try {
                return new String(evaluator.project(handles.get(position)), UTF_8);
            } catch (EvaluationException e) {
                return e.getMessage();
            }
        }
    }
}
