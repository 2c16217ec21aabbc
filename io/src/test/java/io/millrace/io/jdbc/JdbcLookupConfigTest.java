package io.millrace.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class JdbcLookupConfigTest {
    private static final String URL = "jdbc:postgresql://db:5432/profiles";
    private static final JdbcLookup LOOKUP = JdbcLookup.of(URL, "profiles", "profile_id");

    @Test
    public void takesSaneNames() {
        for (String table :
                List.of("profiles", "app.profiles", "db.app.Profiles_2", "\"Play Profiles\"", "app.\"a.b;c'd\"")) {
            assertThat(JdbcLookup.of(URL, table, "id").table(), is(table));
        }
    }

    @Test
    public void refusesNamesThatCouldBeAnythingElse() {
        for (String name : List.of(
                "", " ", "a b", "a;b", "a--", "1a", "a'", "\"", "\"a\"b\"", "\"\"", "a.", "f(x)", "\"a\nb\"", "ü")) {
            assertThat(
                    messageOf(() -> JdbcLookup.of(URL, name, "id")),
                    is(
                            "table must be a name of letters, digits, _ and $, or one in double quotes, with its schema before a dot"
                                    + " if that is needed, but was '" + name + "'"));
            assertThat(
                    messageOf(() -> JdbcLookup.of(URL, "profiles", name)),
                    is("keyColumn must be a name of letters, digits, _ and $, or one in double quotes, but was '" + name
                            + "'"));
            assertThat(
                    messageOf(() -> LOOKUP.withColumns(List.of("plan", name))),
                    is("columns must be a name of letters, digits, _ and $, or one in double quotes, but was '" + name
                            + "'"));
        }
    }

    @Test
    public void refusesWhatIsNoUrlOrHasASecretInIt() {
        assertThat(
                messageOf(() -> JdbcLookup.of("postgresql://db/x", "t", "k")),
                is("url must begin with jdbc:, but was 'postgresql://db/x'"));
        for (String url : List.of(
                "jdbc:postgresql://db/x?user=a&password=open-sesame",
                "jdbc:mysql://a:open-sesame@db/x",
                "jdbc:sqlserver://db;Password = open-sesame",
                "jdbc:oracle:thin:scott/tiger@db:1521:x")) {
            assertThat(
                    messageOf(() -> JdbcLookup.of(url, "t", "k")),
                    is("url must have no user or password in it: user and password are settings of their own"));
        }
        String oracle = "jdbc:oracle:thin:@db:1521/x";
        assertThat(JdbcLookup.of(oracle, "t", "k").url(), is(oracle));
    }

    @Test
    public void refusesAPasswordThatIsNoReference() {
        assertThat(
                messageOf(() -> LOOKUP.withUser("app", "open-sesame")),
                is(
                        "password must be a reference, such as ${env:NAME} or ${file:PATH}, so that the secret stays out of the"
                                + " job"));
        assertThat(
                messageOf(() -> new JdbcLookup(URL, null, "${env:A}", "t", "k", List.of(), 1, 1)),
                is("user must be given together with password"));
    }

    @Test
    public void refusesLimitsThatAreNone() {
        assertThat(messageOf(() -> LOOKUP.withLimits(0, 1)), is("maxBatch must be from 1 to 1000, but was 0"));
        assertThat(messageOf(() -> LOOKUP.withLimits(1001, 1)), is("maxBatch must be from 1 to 1000, but was 1001"));
        assertThat(messageOf(() -> LOOKUP.withLimits(1, 0)), is("connections must be at least 1, but was 0"));
    }

    @Test
    public void travelsToTheWorkers() {
        JdbcLookup lookup = LOOKUP.withUser("app", "${env:PASSWORD}").withColumns(List.of("plan"));

        assertThat(SerializableUtils.clone(lookup), is(lookup));
    }

    private static String messageOf(ThrowingRunnable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
