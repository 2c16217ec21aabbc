package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class PlanTest {

    @Test
    public void answersTheExpressionsOfManyRoutes() throws EvaluationException {
        Plan.Builder builder = Plan.builder();
        Handle<Filter> long60 = builder.add(Filter.of("event.s > 60"));
        Handle<Filter> canadian = builder.add(Filter.of("event.geo.country == 'CA'"));
        Handle<Projection> minutes = builder.add(Projection.of(Map.of("m", "event.s / 60.0")));
        Handle<Projection> kept = builder.add(Projection.keeping(List.of("geo.country")));
        Handle<TextExpression> key = builder.add(TextExpression.of("event.geo.country"));
        Handle<TimeExpression> time = builder.add(TimeExpression.of("event.ts"));
        Evaluator evaluator = builder.build().evaluator();

        bind(evaluator, "{\"s\":90,\"geo\":{\"country\":\"CA\"},\"ts\":5}");
        assertThat(evaluator.test(long60), is(true));
        assertThat(evaluator.test(canadian), is(true));
        assertThat(new String(evaluator.project(minutes), UTF_8), is("{\"m\":1.5}"));
        assertThat(new String(evaluator.project(kept), UTF_8), is("{\"geo\":{\"country\":\"CA\"}}"));
        assertThat(new String(evaluator.text(key), UTF_8), is("CA"));
        assertThat(evaluator.time(time), is(5L));

        bind(evaluator, "{\"s\":30,\"geo\":1}");
        assertThat(evaluator.test(long60), is(false));
        assertThat(
                assertThrows(EvaluationException.class, () -> evaluator.test(canadian))
                        .getMessage(),
                is("'geo' has no fields"));
        assertThat(new String(evaluator.project(kept), UTF_8), is("{}"));
        assertThat(
                assertThrows(EvaluationException.class, () -> evaluator.time(time))
                        .getMessage(),
                is("no such field 'ts'"));
    }

    @Test
    public void forgetsTheLastEvent() throws EvaluationException {
        Plan.Builder builder = Plan.builder();
        Handle<Filter> tagged = builder.add(Filter.of("event.tags.exists(t, t == headers.h)"));
        Handle<Filter> all = builder.add(Filter.of("size(headers) == 1"));
        Evaluator evaluator = builder.build().evaluator();
        evaluator.bind(
                "{\"tags\":[\"a\"]}".getBytes(UTF_8),
                null,
                Headers.builder().add("h", "a").build(),
                0);
        assertThat(evaluator.test(tagged), is(true));
        assertThat(evaluator.test(all), is(true));
        evaluator.bind(
                "{\"tags\":[\"b\"]}".getBytes(UTF_8),
                null,
                Headers.builder().add("h", "a").build(),
                0);
        assertThat(evaluator.test(tagged), is(false));
        evaluator.bind("{\"tags\":".getBytes(UTF_8), null, Headers.empty(), 0);
        assertThrows(EvaluationException.class, () -> evaluator.test(tagged));
        assertThat(evaluator.test(all), is(false));
        evaluator.bind(
                "{\"tags\":[\"a\"]}".getBytes(UTF_8),
                null,
                Headers.builder().add("h", "a").build(),
                0);
        assertThat(evaluator.test(tagged), is(true));
    }

    @Test
    public void travelsAsItsTexts() throws Exception {
        Plan.Builder builder = Plan.builder();
        Handle<Filter> filter = builder.add(Filter.of("event.s > 60"));
        Handle<Projection> projection = builder.add(Projection.of(Map.of("s", "event.s")));
        Handle<Projection> kept = builder.add(Projection.keeping(List.of("s")));
        Handle<TextExpression> text = builder.add(TextExpression.of("event.s"));
        Handle<TimeExpression> time = builder.add(TimeExpression.of("event.s"));
        Evaluator evaluator = arrived(builder.build()).evaluator();
        bind(evaluator, "{\"s\":90}");
        assertThat(evaluator.test(arrived(filter)), is(true));
        assertThat(new String(evaluator.project(arrived(projection)), UTF_8), is("{\"s\":90}"));
        assertThat(new String(evaluator.project(kept), UTF_8), is("{\"s\":90}"));
        assertThat(new String(evaluator.text(text), UTF_8), is("90"));
        assertThat(evaluator.time(time), is(90L));
        assertThat(arrived(Filter.of("event.s > 60")).source(), is("event.s > 60"));
    }

    @Test
    public void tellsEveryProblemWithItsPlace() {
        ExpressionException wrong =
                assertThrows(ExpressionException.class, () -> Filter.of("evnt.a == 1 &&\n  lenght(event.b) > 2"));
        assertThat(
                wrong.problems(),
                contains(
                        new Problem(1, 1, "undeclared reference to 'evnt'"),
                        new Problem(2, 9, "undeclared reference to 'lenght'")));
        assertThat(
                wrong.getMessage(), is("1:1: undeclared reference to 'evnt'; 2:9: undeclared reference to 'lenght'"));
        assertThat(
                refusal("event.a + 1 > 2 && event.b.matches('[')"), is("1:36: '[' is no pattern: missing closing ]"));
        assertThat(refusal("size(event.a)"), is("1:5: must be a bool, but was int"));
        assertThat(refusal("1 + 'a' == 2").startsWith("1:3: found no matching overload for '_+_'"), is(true));
    }

    private static String refusal(String filter) {
        return assertThrows(ExpressionException.class, () -> Filter.of(filter)).getMessage();
    }

    private static void bind(Evaluator evaluator, String document) {
        evaluator.bind(document.getBytes(UTF_8), null, Headers.empty(), Evaluator.NO_TIMESTAMP);
    }

    @SuppressWarnings("unchecked")
    private static <T> T arrived(T sent) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sent);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
