package io.millrace.devinterface.spec;

import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.matchesPattern;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.io.sink.Sinks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Whatever is given to the reader, out comes a spec that reads back from its own JSON, or problems of one line each. */
public class SpecReaderFuzzTest {
    private static final int ROUNDS =
            System.getProperty("millrace.test.scale", "smoke").equals("soak") ? 20_000 : 600;
    private static final List<Target> TARGETS = List.of(Target.values());
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SpecSchema.json(Sinks.byName()));
    private static final List<String> SNIPPETS = List.of(
            ": ",
            "- ",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            "&a ",
            "*a",
            "!!str ",
            "|\n",
            "? ",
            "\t",
            "\n",
            "\n  ",
            "---\n",
            "%YAML 1.1\n",
            "\u0000",
            "\uFEFF",
            "\uD800",
            "\u2028",
            "<<: ",
            "null",
            "1e999999999",
            "-0",
            "0x1F",
            "PT",
            "event.",
            "${env:",
            "~",
            "#",
            ",");
    private static final List<String> KEYS = List.of(
            "version",
            "name",
            "isolation",
            "match",
            "source",
            "sources",
            "parking",
            "from",
            "inFlight",
            "records",
            "bytes",
            "onSlow",
            "topicPrefix",
            "kafka",
            "files",
            "eventTime",
            "maxAhead",
            "idleAfter",
            "maxEventsPerSecond",
            "routes",
            "filter",
            "project",
            "onError",
            "key",
            "sink",
            "none",
            "console",
            "windowed",
            "path",
            "window",
            "login",
            "user",
            "attempts",
            "topics",
            "bootstrapServers",
            "startOffsets",
            "start",
            "stop",
            "generation",
            "properties",
            "deadLetters",
            "topic",
            "",
            "a b",
            "é");
    private static final List<Object> LEAVES = List.of(
            "a",
            "",
            "isolated",
            "shared",
            "first",
            "park",
            "PT1S",
            "-PT1S",
            "P999999999999999999D",
            "PT9223372036854775807S",
            "never",
            "earliest",
            "end",
            "2026-01-01T00:00:00Z",
            "+1000000000-01-01T00:00:00Z",
            "event.a",
            "event.a == 1",
            "event.",
            "1 / 0",
            "{}",
            "{\"a\":{\"0\":1}}",
            "{\"a\":{\"-1\":1}}",
            "no/such/file",
            "a\u0000b",
            "s3://a/b",
            "drop",
            "all",
            "x".repeat(5_000),
            "(".repeat(500),
            "\u2028\u001b[31m",
            0L,
            1L,
            -1L,
            Long.MAX_VALUE,
            true,
            false);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void mutatedSpecsAreReadOrRefused() throws Exception {
        Random random = new Random(1);
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder(Samples.text(Samples.NAMES.get(round % Samples.NAMES.size())));
            for (int change = random.nextInt(4); change >= 0; change--) {
                mutate(text, random);
            }
            read += check(text.toString(), random) ? 1 : 0;
        }
        assertThat(
                "both are to be tried", read, is(both(greaterThan(ROUNDS / 100)).and(lessThan(ROUNDS - ROUNDS / 20))));
    }

    private static void mutate(StringBuilder text, Random random) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(12));
        switch (random.nextInt(4)) {
            case 0 -> text.delete(from, to);
            case 1 -> text.insert(from, SNIPPETS.get(random.nextInt(SNIPPETS.size())));
            case 2 -> text.insert(random.nextInt(text.length() + 1), text.substring(from, to));
            default -> text.replace(from, to, String.valueOf((char) random.nextInt(0x180)));
        }
    }

    @Test
    public void treesOfKnownNamesAreReadOrRefused() {
        Random random = new Random(2);
        for (int round = 0; round < ROUNDS; round++) {
            check(Plain.orderedJson(tree(random, 0)), random);
        }
    }

    private static Object tree(Random random, int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(depth < 5 ? 5 : 2) + (depth < 5 ? 0 : 3);
        if (kind < 2) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                map.put(KEYS.get(random.nextInt(KEYS.size())), tree(random, depth + 1));
            }
            return map;
        }
        if (kind == 2) {
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                list.add(tree(random, depth + 1));
            }
            return list;
        }
        return LEAVES.get(random.nextInt(LEAVES.size()));
    }

    @Test
    public void validSpecsWithOneValueChangedAreReadOrRefused() throws Exception {
        Random random = new Random(3);
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String name = Samples.NAMES.get(round % Samples.NAMES.size());
            String text = Plain.orderedJson(changed(SpecText.read(Samples.text(name)), random));
            read += check(text, random) ? 1 : 0;
            checkSchema(text);
        }
        assertThat(
                "both are to be tried", read, is(both(greaterThan(ROUNDS / 100)).and(lessThan(ROUNDS - ROUNDS / 20))));
    }

    /** The value as plain data, in which about one leaf in fifteen is another. */
    private static Object changed(Value value, Random random) {
        if (random.nextInt(15) == 0) {
            return tree(random, 1);
        }
        if (value instanceof Value.Fields fields) {
            Map<String, Object> map = new LinkedHashMap<>();
            fields.entries().forEach(entry -> map.put(entry.key(), changed(entry.value(), random)));
            return map;
        }
        return value instanceof Value.Items items
                ? items.values().stream().map(item -> changed(item, random)).toList()
                : ((Value.Scalar) value).text();
    }

    @Test
    public void bytesAreReadOrRefused() throws Exception {
        Random random = new Random(4);
        Path file = folder.newFile().toPath();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            Files.write(file, bytes);
            try {
                SpecReader.read(file, LOCAL);
            } catch (SpecProblems problems) {
                checkProblems(problems);
            }
            check(new String(bytes, UTF_8), random);
        }
    }

    /** Whether the text was read. */
    private static boolean check(String text, Random random) {
        Target target = TARGETS.get(random.nextInt(TARGETS.size()));
        try {
            RouterSpec spec = SpecReader.read(text, target);
            assertThat(text, SpecReader.read(spec.json(), target), equalTo(spec));
            assertThat(text, SpecReader.read(spec.canonicalJson(), target), equalTo(spec));
            assertThat(text, SCHEMA.validate(spec.json(), InputFormat.JSON), is(empty()));
            return true;
        } catch (SpecProblems problems) {
            checkProblems(problems);
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("for the text: " + text, e);
        }
    }

    /** What the reader accepts, the schema accepts. */
    private static void checkSchema(String json) {
        try {
            SpecReader.read(json, LOCAL);
        } catch (SpecProblems refused) {
            return;
        }
        assertThat(json, SCHEMA.validate(json, InputFormat.JSON), is(empty()));
    }

    private static void checkProblems(SpecProblems problems) {
        problems.problems()
                .forEach(problem -> assertThat(problem.toString(), matchesPattern("[^\\p{Cntrl}\\u2028\\u2029]+: .+")));
    }
}
