package io.millrace.io.jdbc;

import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.io.table.JsonTable;
import io.millrace.transforms.enricher.LookupTable.Loaded;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.ClassRule;
import org.junit.Test;

public class JdbcTableTest {
    @ClassRule
    public static final PostgresRule POSTGRES = new PostgresRule();

    private static JdbcTable all(String table) {
        return new JdbcTable(POSTGRES.url(), "postgres", null, table, List.of());
    }

    private static String row(Loaded<String, byte[]> loaded, String key) {
        return new String(loaded.table().get(key), UTF_8);
    }

    @Test
    public void aRowIsAnObjectWithItsKeyAndThereAreManyOfThem() throws Exception {
        POSTGRES.execute(
                "CREATE TABLE videos (id int PRIMARY KEY, title text, price numeric(10, 2))",
                "INSERT INTO videos SELECT i, 'Alien ' || i, i / 100.0 FROM generate_series(1, 5000) i");
        Loaded<String, byte[]> loaded =
                new JsonTable("id", all("videos")).load("").orElseThrow();

        assertThat(loaded.table().rows(), is(5_000L));
        assertThat(row(loaded, "4711"), is("{\"id\":4711,\"title\":\"Alien 4711\",\"price\":47.11}"));
        assertThat(loaded.version(), is(""));
    }

    @Test
    public void columnsAreChosenAndAViewWorksAsWell() throws Exception {
        POSTGRES.execute(
                "CREATE TABLE people (\"Key\" text, name text, age int)",
                "INSERT INTO people VALUES ('p-1', 'Ann', 41), ('p-2', 'Bob', 17)",
                "CREATE VIEW adults AS SELECT * FROM people WHERE age > 17");
        JdbcTable adults = new JdbcTable(POSTGRES.url(), "postgres", null, "adults", List.of("name", "\"Key\""));
        Loaded<String, byte[]> loaded = new JsonTable("Key", adults).load("").orElseThrow();

        assertThat(loaded.table().rows(), is(1L));
        assertThat(row(loaded, "p-1"), is("{\"name\":\"Ann\",\"Key\":\"p-1\"}"));
    }

    @Test
    public void aRowWithoutAKeyFailsTheWhole() throws Exception {
        POSTGRES.execute("CREATE TABLE holes (id text)", "INSERT INTO holes VALUES ('a'), (NULL), ('b')");

        assertThat(
                assertThrows(IOException.class, () -> new JsonTable("id", all("holes")).load(""))
                        .getMessage(),
                is("row 2: field 'id' is neither text nor a number"));
    }

    @Test
    public void saysWhatTheDatabaseSays() {
        JsonTable missing = new JsonTable("id", all("no_such_table"));
        assertThat(
                assertThrows(IOException.class, () -> missing.load("")).getMessage(),
                containsString("relation \"no_such_table\" does not exist"));
        assertThat(missing.place(), is("no_such_table of " + POSTGRES.url()));
    }

    /** Else a job that is started again would leave a thread, a connection and a query behind. */
    @Test
    public void whoIsInterruptedEndsTheQuery() throws Exception {
        POSTGRES.execute("CREATE TABLE locked (id int)");
        AtomicReference<Exception> seen = new AtomicReference<>();
        Thread loading = new Thread(() -> {
            try {
                new JsonTable("id", all("locked")).load("");
            } catch (IOException | InterruptedException e) {
                seen.set(e);
            }
        });
        try (Connection lock = POSTGRES.connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
            loading.start();
            waitUntil("the query waits", () -> waiting() == 1);

            loading.interrupt();

            waitUntil("the load ends", () -> seen.get() instanceof InterruptedException);
            waitUntil("the query has ended", () -> waiting() == 0);
            waitUntil("the thread has ended", () -> threads().isEmpty());
        }
    }

    private static long waiting() {
        return POSTGRES.number(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM locked'");
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace-jdbc-table"))
                .toList();
    }

    @Test
    public void settingsThatMakeNoSenseAreRefused() {
        assertThat(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> JdbcTable.of("jdbc:x:y", "videos; DROP TABLE videos"))
                        .getMessage(),
                startsWith("table must be a name of letters, digits, _ and $"));
        assertThat(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new JdbcTable("jdbc:x:y", "me", "secret", "videos", List.of()))
                        .getMessage(),
                startsWith("password must be a reference"));
    }
}
