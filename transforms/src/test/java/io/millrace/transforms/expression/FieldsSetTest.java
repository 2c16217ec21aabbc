package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.transforms.event.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

/** Fields that are set in a document that has been looked into already: as if the document had come with them. */
public class FieldsSetTest {
    private static final long SEED = 7;
    private static final List<String> VALUES = List.of(
            "{\"name\":\"Title\",\"runtime_min\":90}",
            "{}",
            "[1,2,{\"a\":3}]",
            "\"text\"",
            "12",
            "null",
            "{\"name\":\"es\\u0063aped \\\" \",\"more\":{\"runtime_min\":1}}");

    private final Plan.Builder builder = Plan.builder();
    private final Handle<Filter> filter =
            builder.add(Filter.of("has(event.title) && size(event.title) > 1 || event.duration_s > 100"));
    private final Handle<TextExpression> key = builder.add(TextExpression.of("event.title_id"));
    private final List<Handle<Projection>> projections = List.of(
            builder.add(Projection.of(Map.of("id", "event.title_id", "name", "event.title.name"))),
            builder.add(Projection.of(Map.of("all", "event.title"))),
            builder.add(Projection.of(Map.of("fields", "size(event)"))),
            builder.add(Projection.of(Map.of("again", "has(event.title) && size(event.title) > 1"))),
            builder.add(Projection.keeping(List.of("title.name", "second", "geo.country"))));
    private final Handle<DocumentField> title = builder.addField("title");
    private final Handle<DocumentField> second = builder.addField("second");
    private final Plan plan = builder.build();
    private final Evaluator evaluator = plan.evaluator();
    private final Random random = new Random(SEED);

    private static List<byte[]> documents() throws EvaluationException {
        List<byte[]> documents = new ArrayList<>();
        documents.add("{}".getBytes(UTF_8));
        documents.add(" { \"title\" : 1 , \"a\" : [ ] } \n".getBytes(UTF_8));
        documents.add("{\"title\":{\"name\":\"first\"},\"title\":{\"name\":\"last\"}}".getBytes(UTF_8));
        PlayEvents.seed(SEED).count(300).stream().map(event -> event.value()).forEach(documents::add);
        return documents;
    }

    private static void bind(Evaluator evaluator, byte[] document) {
        evaluator.bind(document, null, Headers.empty(), 0);
    }

    /** All that the plan says of a document. */
    private List<String> said(Evaluator evaluator) {
        List<String> said = new ArrayList<>();
        said.add(text(() -> String.valueOf(evaluator.test(filter))));
        said.add(text(() -> new String(evaluator.text(key), UTF_8)));
        for (Handle<Projection> projection : projections) {
            said.add(text(() -> new String(evaluator.project(projection), UTF_8)));
        }
        return said;
    }

    private interface Expression {
        String value() throws EvaluationException;
    }

    private static String text(Expression expression) {
        try {
            return expression.value();
        } catch (EvaluationException e) {
            return e.kind() + ": " + e.getMessage();
        }
    }

    private List<String> saidOf(byte[] document) {
        Evaluator another = plan.evaluator();
        bind(another, document);
        return said(another);
    }

    private byte[] value() {
        return VALUES.get(random.nextInt(VALUES.size())).getBytes(UTF_8);
    }

    @Test
    public void expressionsSeeThemAsIfTheyHadBeenThere() throws Exception {
        DocumentField titles = DocumentField.named("title");
        DocumentField seconds = DocumentField.named("second");
        for (byte[] document : documents()) {
            bind(evaluator, document);
            if (random.nextBoolean()) {
                said(evaluator);
            }
            byte[] first = value();
            byte[] other = value();
            evaluator.set(title, first);
            byte[] expected = titles.set(document, first);
            assertThat(new String(evaluator.document(), UTF_8), is(new String(expected, UTF_8)));
            assertThat(said(evaluator), is(saidOf(expected)));

            evaluator.set(second, other);
            expected = seconds.set(expected, other);
            assertThat(new String(evaluator.document(), UTF_8), is(new String(expected, UTF_8)));
            assertThat(said(evaluator), is(saidOf(expected)));

            evaluator.unset();
            assertThat(evaluator.document(), is(document));
            assertThat(said(evaluator), is(saidOf(document)));
        }
    }
}
