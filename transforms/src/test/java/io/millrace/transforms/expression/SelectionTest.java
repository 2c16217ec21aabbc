package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.millrace.testfixtures.TestScale;
import io.millrace.transforms.event.Headers;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

public class SelectionTest {
    private static final long SEED = Long.getLong("seed", 11);
    private static final int ROUNDS = TestScale.choose(300, 20_000);
    private static final List<String> FIELDS = List.of("event.a", "event.b", "event.c.d");
    private static final List<String> VALUES = List.of(
            "'US'",
            "'CA'",
            "''",
            "'a long text of more than sixteen bytes'",
            "1",
            "2",
            "-7",
            "1.0",
            "2.5",
            "3u",
            "true",
            "null",
            "9223372036854775807");
    private static final List<String> JSON_VALUES = List.of(
            "\"US\"",
            "\"CA\"",
            "\"\"",
            "\"U\\u0053\"",
            "\"a long text of more than sixteen bytes\"",
            "1",
            "2",
            "-7",
            "1.0",
            "2.5",
            "3",
            "1e0",
            "9223372036854775807",
            "18446744073709551615",
            "true",
            "null",
            "{}",
            "[1]",
            "{\"d\":\"US\"}",
            "{\"d\":1}");

    private final Random random = new Random(SEED);

    @Test
    public void saysWhichFieldsAreLookedUpForWhichFilters() {
        Filters filters = new Filters(List.of(
                "event.a == 'US'",
                "event.c.d == 1",
                "event.a == 'CA' && event.b > 1",
                "event.b > 2",
                "event.a in ['MX', 'BR']",
                "event.a == 'FR'"));

        BitSet byA = new BitSet();
        List.of(0, 2, 4, 5).forEach(byA::set);
        assertThat(filters.selection.lookups(), is(Map.of("event.a", byA)));
    }

    @Test
    public void leavesOutNoFilterThatIsNotFalse() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> filters = IntStream.range(0, 1 + random.nextInt(30))
                    .mapToObj(number -> filter())
                    .toList();
            Filters together = new Filters(filters);
            List<Filters> alone =
                    filters.stream().map(filter -> new Filters(List.of(filter))).toList();
            for (int event = 0; event < 10; event++) {
                String document = document();
                BitSet selected = together.select(document);
                for (int position = 0; position < filters.size(); position++) {
                    String expected = alone.get(position).bind(document).outcome(0);
                    assertThat(
                            "seed " + SEED + ": " + filters.get(position) + " of " + document,
                            selected.get(position) ? together.selectedOutcome(position) : "false",
                            is(expected));
                }
            }
        }
    }

    @Test
    public void triesOnlyFiltersThatWantAValueOfTheEvent() {
        List<String> filters = IntStream.range(0, 1000)
                .mapToObj(number -> "event.n > 5 && event.user == 'u-" + number + "' && event.country in ['US', 'CA']")
                .collect(Collectors.toCollection(ArrayList::new));
        filters.add("event.n > 5");
        Filters together = new Filters(filters);

        BitSet selected = together.select("{\"n\":7,\"user\":\"u-3\",\"country\":\"US\"}");

        assertThat(selected.toString(), is("{3, 1000}"));
    }

    @Test
    public void triesAllThatLookIntoADocumentThatIsBroken() {
        Filters together = new Filters(
                List.of("event.a == 1", "event.a == 2", "event.a == 3", "event.a == 4", "key == null", "event.a == 5"));

        assertThat(together.select("{\"a\":").cardinality(), is(6));
        assertThat(together.selectedOutcome(4), is("true"));
        assertThat(together.selectedOutcome(5), is("the document ends too early at byte 5"));
        assertThat(together.select("{\"a\":9}").cardinality(), lessThan(6));
    }

    private String document() {
        StringBuilder json = new StringBuilder("{");
        for (String field : List.of("a", "b", "c")) {
            if (random.nextInt(5) > 0) {
                json.append(json.length() > 1 ? "," : "")
                        .append('"')
                        .append(field)
                        .append("\":")
                        .append(any(JSON_VALUES));
            }
        }
        return json.append(random.nextInt(20) == 0 ? "" : "}").toString();
    }

    private String filter() {
        return switch (random.nextInt(4)) {
            case 0 -> condition();
            case 1 -> condition() + " && " + condition();
            case 2 -> condition() + " && " + condition() + " && " + condition();
            default -> "(" + condition() + " || " + condition() + ")";
        };
    }

    private String condition() {
        String field = any(FIELDS);
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> field + " == " + any(VALUES);
            case 3 -> field + " in [" + any(VALUES) + ", " + any(VALUES) + "]";
            case 4 -> "(" + field + " == " + any(VALUES) + " || " + field + " == " + any(VALUES) + ")";
            case 5 -> field + " != " + any(VALUES);
            case 6 -> field + " > 1";
            default -> "has(" + field + ")";
        };
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Filters of one plan, and a selection of them all. */
    private static final class Filters {
        private final List<Handle<Filter>> handles = new ArrayList<>();
        private final Evaluator evaluator;
        private final Selection selection;

        Filters(List<String> filters) {
            Plan.Builder builder = Plan.builder();
            List<@Nullable Handle<Filter>> all = new ArrayList<>();
            for (String filter : filters) {
                handles.add(builder.add(Filter.of(filter)));
            }
            all.addAll(handles);
            Plan plan = builder.build();
            evaluator = plan.evaluator();
            selection = plan.selection(all);
        }

        Filters bind(String document) {
            evaluator.bind(document.getBytes(UTF_8), null, Headers.empty(), Evaluator.NO_TIMESTAMP);
            return this;
        }

        BitSet select(String document) {
            BitSet selected = new BitSet();
            bind(document).evaluator.select(selection, selected);
            return selected;
        }

        String selectedOutcome(int position) {
            try {
                return String.valueOf(evaluator.test(selection, position));
            } catch (EvaluationException e) {
                return e.getMessage();
            }
        }

        String outcome(int position) {
            try {
                return String.valueOf(evaluator.test(handles.get(position)));
            } catch (EvaluationException e) {
                return e.getMessage();
            }
        }
    }
}
