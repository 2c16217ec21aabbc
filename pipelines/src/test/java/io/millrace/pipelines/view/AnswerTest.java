package io.millrace.pipelines.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.pipelines.view.Answer.Told;
import io.millrace.transforms.view.ViewAnswer;
import io.millrace.transforms.view.ViewUpdate;
import io.millrace.transforms.view.ViewUpdate.Cause;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.Test;

/** What a view answers by a topic, as documents. */
public class AnswerTest {
    private static final String DOCUMENT = "{\"version\":3,\"key\":\"us/\\\"m\\\"-ü\",\"items\":[{\"a\":1.10},{}]}";

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Answer read(String json) {
        return Answer.read(bytes(json)).orElseThrow();
    }

    private static List<String> texts(Answer answer) {
        return answer.told().stream()
                .map(told -> told.key() + " " + told.version() + " "
                        + (told.document() == null ? "removed" : new String(told.document(), UTF_8)))
                .toList();
    }

    @Test
    public void tellsKeysAsRoutesGetThemByteForByte() {
        ViewUpdate<byte[]> there = new ViewUpdate<>(3, List.of(bytes("{\"a\":1.10}"), bytes("{}")), Cause.CHANGE);
        ViewUpdate<byte[]> removed = new ViewUpdate<>(-1, List.of(), Cause.CHANGE);
        Answer answer = only(Answer.of(new ViewAnswer<>(
                "t-1",
                7,
                12,
                true,
                List.of(new ViewAnswer.Told<>("us/\"m\"-ü", there, false), new ViewAnswer.Told<>("", removed, true)))));

        assertThat(texts(answer), contains("us/\"m\"-ü 3 " + DOCUMENT, " -1 removed"));
        Answer again = Answer.read(answer.json()).orElseThrow();
        assertThat(texts(again), is(texts(answer)));
        assertThat(
                new String(answer.json(), UTF_8),
                is(
                        "{\"request\":\"t-1\",\"shard\":7,\"keys\":12,\"last\":true,\"told\":[{\"key\":\"us/\\\"m\\\"-ü\",\"version\":3,"
                                + "\"document\":\""
                                + DOCUMENT.replace("\\", "\\\\").replace("\"", "\\\"")
                                + "\"},{\"key\":\"\",\"version\":-1,\"document\":null,\"pending\":true}]}"));
    }

    private static Answer only(List<Answer> answers) {
        assertThat(answers, hasSize(1));
        return answers.get(0);
    }

    @Test
    public void isInAsManyAsItNeedsWhichSayHowManyKeysCameBefore() {
        String item = "\"" + "x".repeat(60_000) + "\"";
        List<ViewAnswer.Told<byte[]>> told = IntStream.range(0, 10)
                .mapToObj(number -> new ViewAnswer.Told<>(
                        "k" + number, new ViewUpdate<>(1, List.of(bytes(item)), Cause.CHANGE), false))
                .toList();

        List<Answer> answers = Answer.of(new ViewAnswer<>("t-1", 7, 30, true, told));

        assertThat(
                answers.stream()
                        .map(answer -> answer.told().size() + " of " + answer.keys() + (answer.isLast() ? " last" : ""))
                        .toList(),
                contains("4 of 24", "4 of 28", "2 of 30 last"));
        answers.forEach(answer -> assertThat(answer.json().length, is(lessThan(1 << 20))));
        assertThat(
                answers.stream()
                        .flatMap(answer -> answer.told().stream())
                        .map(Told::key)
                        .toList(),
                is(told.stream().map(ViewAnswer.Told::key).toList()));
    }

    @Test
    public void aDocumentThatNoAnswerHasRoomForIsNamedAlone() {
        String item = "\"" + "x".repeat(300_000) + "\"";
        ViewUpdate<byte[]> large = new ViewUpdate<>(1, List.of(bytes(item)), Cause.CHANGE);

        Answer answer = only(
                Answer.of(new ViewAnswer<>("t-1", 7, 1, true, List.of(new ViewAnswer.Told<>("large", large, false)))));

        Told told = Answer.read(answer.json()).orElseThrow().told().get(0);
        assertThat(told.key(), is("large"));
        assertThat(told.document(), is(nullValue()));
        assertThat(told.isTooLarge(), is(true));
    }

    @Test
    public void saysHowFarAShardIs() {
        Answer answer = only(Answer.of(new ViewAnswer<>("f-1", 1_023, 300, false, List.of())));
        String json = "{\"request\":\"f-1\",\"shard\":1023,\"keys\":300,\"last\":false,\"told\":[]}";

        assertThat(new String(answer.json(), UTF_8), is(json));
        assertThat(read(json), is(new Answer("f-1", 1_023, 300, false, List.of())));
    }

    @Test
    public void whatIsNoAnswerIsNone() {
        for (String json : List.of("", "no document", "[]", "7", "{}", "{\"request\":null}", "{\"id\":\"a\"}")) {
            assertThat(json, Answer.read(bytes(json)), is(Optional.empty()));
        }
    }

    @Test
    public void aDocumentOfAKeyIsWhatRoutesGet() {
        Told told = read("{\"request\":\"t\",\"told\":[{\"key\":\"k\",\"version\":2,\"document\":\"{ }\"}]}")
                .told()
                .get(0);

        assertThat(new String(requireNonNull(told.document()), UTF_8), is("{ }"));
    }
}
