package io.millrace.io.jdbc;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anything;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.testfixtures.server.FreePorts;
import io.millrace.transforms.enricher.CallSettings;
import io.millrace.transforms.enricher.Enrich;
import io.millrace.transforms.enricher.Enrichment;
import io.millrace.transforms.enricher.LookupClient;
import io.millrace.transforms.enricher.LookupRefusedException;
import io.millrace.transforms.enricher.Unenriched;
import io.millrace.transforms.enricher.Unenriched.Reason;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.slf4j.LoggerFactory;

/** Asks a real database. */
public class JdbcLookupTest {
    @ClassRule
    public static final PostgresRule POSTGRES = new PostgresRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

    private LookupClient<String, byte[]> client;

    @Before
    public void create() throws Exception {
        POSTGRES.execute(
                "DROP SCHEMA public CASCADE",
                "CREATE SCHEMA public",
                "GRANT USAGE ON SCHEMA public TO app",
                "CREATE TABLE profiles (profile_id text, plan text, devices int)",
                "INSERT INTO profiles VALUES ('p-1', 'basic', 2), ('p-2', 'premium', 4), ('p-3', null, null)",
                "GRANT SELECT ON profiles TO app");
    }

    @After
    public void close() {
        if (client != null) {
            client.close();
        }
    }

    @Test
    public void answersWithTheRowsOfKeys() throws Exception {
        open(profiles());

        assertThat(
                ask("p-1", "p-2", "p-3", "p-4"),
                is(Map.of(
                        "p-1",
                        "{\"plan\":\"basic\",\"devices\":2}",
                        "p-2",
                        "{\"plan\":\"premium\",\"devices\":4}",
                        "p-3",
                        "{\"plan\":null,\"devices\":null}")));
        assertThat(ask("p-4"), is(Map.of()));
    }

    @Test
    public void answersWithTheColumnsThatAreNamed() throws Exception {
        open(profiles().withColumns(List.of("Devices", "profile_id")));

        assertThat(ask("p-2"), is(Map.of("p-2", "{\"Devices\":4,\"profile_id\":\"p-2\"}")));
    }

    @Test
    public void takesNamesInQuotes() throws Exception {
        POSTGRES.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.\"Play Profiles\" (\"Id;\" text, \"select\" int)",
                "INSERT INTO app.\"Play Profiles\" VALUES ('p-1', 7)");
        try {
            open(JdbcLookup.of(POSTGRES.url(), "app.\"Play Profiles\"", "\"Id;\""));
            assertThat(ask("p-1"), is(Map.of("p-1", "{\"select\":7}")));
            client.close();
            open(JdbcLookup.of(POSTGRES.url(), "app.\"Play Profiles\"", "\"Id;\"")
                    .withColumns(List.of("\"select\"")));
            assertThat(ask("p-1"), is(Map.of("p-1", "{\"select\":7}")));
        } finally {
            POSTGRES.execute("DROP SCHEMA app CASCADE");
        }
    }

    @Test
    public void writesEachTypeAsJsonHasIt() throws Exception {
        POSTGRES.execute(
                "CREATE TABLE kinds (id int, small smallint, big bigint, exact numeric(30, 10), whole numeric, nan numeric,"
                        + " real_ real, double_ double precision, inf double precision, yes boolean, no boolean, nothing text,"
                        + " words text, fixed char(4), bytes bytea, day date, at time, stamp timestamp, zoned timestamptz,"
                        + " never timestamptz, ever date, id_ uuid, doc jsonb, raw json, ints int[], texts text[], nested int[][], span interval, net inet)",
                "INSERT INTO kinds VALUES (1, -3, 9223372036854775807, 12345678901234567890.0123456789, 1e30, 'NaN', 0.1, 0.1,"
                        + " 'Infinity', true, false, null, 'ü \"x\" \\ ' || chr(128516), 'ab', '\\x00ff10', '2026-11-25', '12:00',"
                        + " '2026-11-25 12:00:00.25', '2026-11-25 12:00:00+02', 'infinity', '-infinity',"
                        + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{\"b\": [1, null]}', ' {\"z\" : 1.50} ', '{1,null,3}',"
                        + " array['a', 'b\"c'], '{{1,2},{3,4}}', '1 day 2 hours', '10.0.0.1/8')");
        open(JdbcLookup.of(POSTGRES.url(), "kinds", "id"));

        assertThat(
                ask("1").get("1"),
                is("{\"small\":-3,\"big\":9223372036854775807,\"exact\":12345678901234567890.0123456789,"
                        + "\"whole\":1000000000000000000000000000000,\"nan\":\"NaN\",\"real_\":0.1,\"double_\":0.1,"
                        + "\"inf\":\"Infinity\",\"yes\":true,\"no\":false,\"nothing\":null,\"words\":\"ü \\\"x\\\" \\\\ \uD83D\uDE04\","
                        + "\"fixed\":\"ab  \",\"bytes\":\"AP8Q\",\"day\":\"2026-11-25\",\"at\":\"12:00:00\","
                        + "\"stamp\":\"2026-11-25T12:00:00.250Z\",\"zoned\":\"2026-11-25T10:00:00Z\",\"never\":\"infinity\","
                        + "\"ever\":\"-infinity\",\"id_\":\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\",\"doc\":{\"b\": [1, null]},"
                        + "\"raw\": {\"z\" : 1.50} ,\"ints\":[1,null,3],\"texts\":[\"a\",\"b\\\"c\"],\"nested\":[[1,2],[3,4]],"
                        + "\"span\":\"1 day 02:00:00\",\"net\":\"10.0.0.1/8\"}"));
    }

    @Test
    public void asksForKeysAsTheColumnHasThem() throws Exception {
        keysOf("bigint", "7", "-9223372036854775808");
        assertThat(ask("7", "07", "8"), is(Map.of("7", "{\"v\":1}", "07", "{\"v\":1}")));
        assertThat(ask("-9223372036854775808"), is(Map.of("-9223372036854775808", "{\"v\":1}")));
        assertThat(refusal("x"), is("key must be a whole number of 64 bits, as id is, but was 'x'"));
        assertThat(
                refusal("9223372036854775808"),
                is("key must be a whole number of 64 bits, as id is, but was '9223372036854775808'"));

        keysOf("smallint", "7");
        assertThat(ask("7", "70000"), is(Map.of("7", "{\"v\":1}")));

        keysOf("numeric(20, 2)", "7.50");
        assertThat(ask("7.5", "7"), is(Map.of("7.5", "{\"v\":1}")));
        assertThat(refusal("1e999999999"), is("key must be a decimal number, as id is, but was '1e999999999'"));

        keysOf("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        assertThat(
                ask("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"),
                is(Map.of("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "{\"v\":1}")));
        assertThat(refusal("p-1"), is("key must be a UUID, as id is, but was 'p-1'"));

        keysOf("date", "2026-11-25");
        assertThat(ask("2026-11-25"), is(Map.of("2026-11-25", "{\"v\":1}")));
        assertThat(refusal("25.11.2026"), is("key must be a date such as 2026-11-25, as id is, but was '25.11.2026'"));

        keysOf("char(5)", "ab");
        assertThat(ask("ab"), is(Map.of("ab", "{\"v\":1}")));
    }

    @Test
    public void asksForTextsOfAnyCharacters() throws Exception {
        List<String> keys =
                List.of("a b", "'; DROP TABLE keys; --", "a/b", "ü", "\"q\"", "\\", "%", "\uD83C\uDFAC\n", "");
        POSTGRES.execute("CREATE TABLE keys (id text, v int)");
        for (String key : keys) {
            POSTGRES.execute("INSERT INTO keys VALUES ('" + key.replace("'", "''") + "', 1)");
        }
        open(JdbcLookup.of(POSTGRES.url(), "keys", "id"));

        assertThat(
                ask(keys.toArray(new String[0])),
                is(keys.stream().collect(Collectors.toMap(key -> key, key -> "{\"v\":1}"))));
        assertThat(refusal("a\0"), startsWith(POSTGRES.url() + " cannot be asked for keys: "));
        assertThat(ask("a b"), is(Map.of("a b", "{\"v\":1}")));
    }

    @Test
    public void asksForManyKeysAtATime() throws Exception {
        POSTGRES.execute("CREATE TABLE keys AS SELECT i AS id, i * 2 AS v FROM generate_series(1, 2000) i");
        open(JdbcLookup.of(POSTGRES.url(), "keys", "id").withLimits(1_000, 1));
        for (int size : new int[] {1, 2, 3, 64, 65, 100, 1_000}) {
            String[] keys =
                    IntStream.rangeClosed(1, size).mapToObj(String::valueOf).toArray(String[]::new);

            assertThat(
                    ask(keys),
                    is(IntStream.rangeClosed(1, size)
                            .boxed()
                            .collect(Collectors.toMap(String::valueOf, i -> "{\"v\":" + 2 * i + "}"))));
        }
    }

    @Test
    public void refusesAKeyOfMoreThanOneRow() throws Exception {
        POSTGRES.execute("INSERT INTO profiles SELECT 'p-1', 'again', 1 FROM generate_series(1, 1000)");
        open(profiles());

        assertThat(refusal("p-1"), is("profiles has more than one row whose profile_id is 'p-1'"));
        assertThat(refusal("p-2", "p-1"), is("profiles has more than one row whose profile_id is 'p-1'"));
        assertThat(ask("p-2"), is(Map.of("p-2", "{\"plan\":\"premium\",\"devices\":4}")));
    }

    @Test
    public void opensNothingWithWrongSettings() {
        String asked = POSTGRES.url() + " cannot be asked for ";
        assertThat(
                wrong(JdbcLookup.of(POSTGRES.url(), "nowhere", "profile_id")),
                startsWith(asked + "nowhere: ERROR: relation \"nowhere\" does not exist"));
        assertThat(
                wrong(JdbcLookup.of(POSTGRES.url(), "profiles", "id")),
                startsWith(asked + "profiles: ERROR: column \"id\" does not exist"));
        assertThat(
                wrong(profiles().withColumns(List.of("plan", "price"))),
                startsWith(asked + "profiles: ERROR: column \"price\" does not exist"));
        assertThat(
                wrong(profiles().withUser("nobody", null)),
                is(asked + "profiles: FATAL: role \"nobody\" does not exist"));
        String other = POSTGRES.url().replace("/postgres", "/other");
        assertThat(
                wrong(JdbcLookup.of(other, "profiles", "profile_id")),
                is(other + " cannot be asked for profiles: FATAL: database \"other\" does not exist"));
        assertThat(
                wrong(JdbcLookup.of("jdbc:nosuch:x", "profiles", "profile_id")),
                is(
                        "url must be of a database whose JDBC driver is on the class path, where --jars puts it, but was jdbc:nosuch:x"));
    }

    @Test
    public void opensNothingWhoseKeysAreOfAnotherType() throws Exception {
        POSTGRES.execute("CREATE TABLE keys (id bytea)");

        assertThat(
                wrong(JdbcLookup.of(POSTGRES.url(), "keys", "id")),
                is("keyColumn must be of text, a number, a UUID or a date, but id is of bytea"));
    }

    @Test
    public void signsInWithAPassword() throws Exception {
        open(profiles().withUser("app", secret(PostgresRule.PASSWORD)));

        assertThat(ask("p-2"), is(Map.of("p-2", "{\"plan\":\"premium\",\"devices\":4}")));
        assertThat(
                wrong(profiles().withUser("app", secret("other"))),
                is(POSTGRES.url()
                        + " cannot be asked for profiles: FATAL: password authentication failed for user \"app\""));
    }

    @Test
    public void triesAgainWhereATableIsGoneUntilItIsBack() throws Exception {
        open(profiles());
        assertThat(ask("p-4"), is(Map.of()));
        POSTGRES.execute("ALTER TABLE profiles RENAME TO away");
        String gone = POSTGRES.url() + " cannot be asked for profiles: ERROR: relation \"profiles\" does not exist";

        List<String> logged = logOf(() -> {
            assertThat(failure("p-1"), startsWith(gone));
            assertThat(failure("p-1"), startsWith(gone));
        });
        assertThat(logged, contains(both(startsWith(gone)).and(endsWith(": lookups wait until that is mended"))));

        POSTGRES.execute("ALTER TABLE away RENAME TO profiles");
        assertThat(ask("p-2"), is(Map.of("p-2", "{\"plan\":\"premium\",\"devices\":4}")));
    }

    @Test
    public void triesAgainWhereTheConnectionIsCut() throws Exception {
        POSTGRES.execute("CREATE VIEW slow AS SELECT 'p-1'::text AS id, pg_sleep(600)::text AS v");
        open(JdbcLookup.of(POSTGRES.url(), "slow", "id").withLimits(1, 1));
        CompletableFuture<Map<String, byte[]>> answer =
                client.lookUp(Set.of("p-1")).toCompletableFuture();
        waitUntil("a connection that is cut", () -> {
            POSTGRES.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%FROM slow WHERE id IN%' AND pid <>"
                            + " pg_backend_pid()");
            return answer.isDone();
        });

        Throwable failure = assertThrows(ExecutionException.class, () -> answer.get(1, TimeUnit.MINUTES))
                .getCause();
        assertThat(failure, is(instanceOf(IOException.class)));
        assertThat(failure.getMessage(), startsWith(POSTGRES.url() + " cannot be asked for slow: "));

        POSTGRES.execute("CREATE OR REPLACE VIEW slow AS SELECT 'p-1'::text AS id, 'fast'::text AS v");
        assertThat(ask("p-1"), is(Map.of("p-1", "{\"v\":\"fast\"}")));
    }

    @Test
    public void waitsForADatabaseThatIsNotThereYet() throws Exception {
        int port = FreePorts.next();
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
        open(JdbcLookup.of(url, "pg_database", "datname").withColumns(List.of("datallowconn")));
        assertThat(
                failure("postgres"),
                startsWith(url + " cannot be asked for pg_database: Connection to 127.0.0.1:" + port + " refused."));

        try (EmbeddedPostgres late = PostgresRule.start(port)) {
            assertThat(late.getPort(), is(port));
            eventually("a row", () -> ask("postgres"), is(Map.of("postgres", "{\"datallowconn\":true}")));
        }
    }

    @Test
    public void enrichesElements() throws Exception {
        POSTGRES.execute(
                "CREATE TABLE keys AS SELECT i AS id, i * 2 AS v FROM generate_series(1, 500) i",
                "INSERT INTO keys VALUES (7, 0)");
        List<String> elements = IntStream.rangeClosed(1, 501)
                .mapToObj(i -> i == 9 ? "nine" : String.valueOf(i))
                .toList();
        Enrichment<String, byte[]> enriched = pipeline.apply(Create.of(elements))
                .apply(Enrich.<String, String, byte[]>of(
                                key -> key,
                                JdbcLookup.of(POSTGRES.url(), "keys", "id")
                                        .withUser("postgres", null)
                                        .withLimits(50, 2))
                        .withCalls(CallSettings.DEFAULT.withTimeout(Duration.ofSeconds(30))));

        PAssert.that(enriched.results()
                        .apply(MapElements.into(TypeDescriptors.strings())
                                .via(one -> one.input() + " "
                                        + (one.value() == null ? null : new String(one.value(), UTF_8)))))
                .containsInAnyOrder(IntStream.rangeClosed(1, 501)
                        .filter(i -> i != 7 && i != 9)
                        .mapToObj(i -> i + (i == 501 ? " null" : " {\"v\":" + 2 * i + "}"))
                        .toList());
        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(
                        new Unenriched<>("7", Reason.REFUSED, "keys has more than one row whose id is '7'"),
                        new Unenriched<>(
                                "nine",
                                Reason.REFUSED,
                                "key must be a whole number of 64 bits, as id is, but was 'nine'"));
        pipeline.run();
    }

    private static List<String> logOf(Runnable run) {
        Logger logger = (Logger) LoggerFactory.getLogger(TableQuestion.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        try {
            run.run();
        } finally {
            logger.detachAppender(appender);
        }
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static JdbcLookup profiles() {
        return JdbcLookup.of(POSTGRES.url(), "profiles", "profile_id");
    }

    private String secret(String password) throws IOException {
        Path file = folder.newFile().toPath();
        Files.writeString(file, password + "\n");
        return "${file:" + file + "}";
    }

    private void keysOf(String type, String... keys) throws SQLException {
        close();
        POSTGRES.execute("DROP TABLE IF EXISTS keys", "CREATE TABLE keys (id " + type + ", v int)");
        for (String key : keys) {
            POSTGRES.execute("INSERT INTO keys VALUES ('" + key + "', 1)");
        }
        open(JdbcLookup.of(POSTGRES.url(), "keys", "id"));
    }

    private void open(JdbcLookup lookup) {
        client = (lookup.user() == null ? lookup.withUser("postgres", null) : lookup).open();
    }

    private static String wrong(JdbcLookup lookup) {
        JdbcLookup named = lookup.user() == null ? lookup.withUser("postgres", null) : lookup;
        return eventually("a refusal", () -> whyNotOpened(named), is(not("")));
    }

    /** Empty where it is opened, also since the server was not reached in time. */
    private static String whyNotOpened(JdbcLookup lookup) {
        try {
            lookup.open().close();
            return "";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Asked again as a lookup is, where a connection was not there in time. */
    private Map<String, String> ask(String... keys) {
        return eventually("an answer", () -> texts(answer(keys)), anything());
    }

    private static Map<String, String> texts(Map<String, byte[]> values) {
        Map<String, String> texts = new TreeMap<>();
        values.forEach((key, value) -> texts.put(key, new String(value, UTF_8)));
        return texts;
    }

    private Map<String, byte[]> answer(String... keys) throws Exception {
        return client.lookUp(Set.of(keys)).toCompletableFuture().get(2, TimeUnit.MINUTES);
    }

    private String refusal(String... keys) {
        return failure(LookupRefusedException.class, keys);
    }

    private String failure(String key) {
        return failure(IOException.class, key);
    }

    private String failure(Class<? extends Exception> kind, String... keys) {
        return eventually(
                "a failure, of more than that there was no connection in time",
                () -> {
                    Throwable failure = assertThrows(ExecutionException.class, () -> answer(keys))
                            .getCause();
                    assertThat(failure, is(instanceOf(kind)));
                    return failure.getMessage();
                },
                not(containsString("request timed out after")));
    }
}
