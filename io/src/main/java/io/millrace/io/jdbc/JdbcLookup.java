package io.millrace.io.jdbc;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.References;
import io.millrace.io.config.Setting;
import io.millrace.transforms.enricher.BlockingLookup;
import io.millrace.transforms.enricher.LookupClient;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table of a database that answers a key, as text, with its row as a JSON object. The database's JDBC driver has to be on the class
 * path of the job.
 *
 * <p><i>Shape</i>: keys are asked for by {@code SELECT columns FROM table WHERE keyColumn IN (...)}, as values of the column's type: text,
 * a whole or decimal number, a UUID or a date. A key that is text has the row whose key is the same text to the letter, whatever the
 * database takes for equal.
 *
 * <p>A row becomes an object with a field for each column: numbers as numbers, decimals to the last digit, booleans, null, text, JSON
 * columns as they are, arrays as arrays, bytes in base64, dates as {@code 2026-11-25}, times as {@code 12:00:00}, and timestamps by RFC
 * 3339 in UTC, which is also what those without a time zone are taken for. What JSON has no number for is a text ({@code "NaN"}), and so
 * is whatever else there is.
 *
 * <p><i>Guarantee</i>: a call takes one of {@code connections}, outside of any transaction; at most 30 seconds, after which the database
 * is told to end it.
 *
 * <p><i>Fails</i>: at construction, where a name is none of SQL, or {@code password} is a secret itself. Where a client is opened, if there
 * is no driver, or the database answers that there is no such table, column, user or database: that is no element's fault, and nothing
 * that waiting mends. A database that cannot be reached then is waited for. A lookup is refused whose key cannot be of the column's
 * type, or has more than one row; in any other case it is tried again.
 *
 * @param url where the database is
 * @param user the name to sign in with
 * @param password a reference to the password
 * @param table the table or view, with its schema if that is needed
 * @param keyColumn the column of the keys, each of which is there once
 * @param columns what is answered; empty for all columns but the key's
 * @param maxBatch how many keys one query may ask for
 * @param connections how many connections a process opens, and queries it makes at a time
 */
public record JdbcLookup(
        @Setting(
                value =
                        "Where the database is, as a JDBC URL without a password. Its driver comes with --jars=DRIVER.jar; none is included.",
                example = "jdbc:postgresql://localhost:5432/profiles")
        String url,

        @Setting(
                value =
                        "The name to sign in with. ${env:NAME} and ${file:PATH} are resolved where the client is opened.",
                example = "millrace")
        @Nullable String user,

        @Setting(
                value =
                        "The password: always a reference, ${env:NAME} or ${file:PATH}, resolved where the client is opened.",
                example = "${env:PROFILES_PASSWORD}")
        @Nullable String password,

        @Setting(
                value =
                        "The table or view, with its schema if that is needed. A name that is no plain one stands in double quotes.",
                example = "app.profiles")
        String table,

        @Setting(
                value =
                        "The column of the keys, of text, a number, a UUID or a date. A key with more than one row is a dead letter.",
                example = "profile_id")
        String keyColumn,

        @Setting(
                value = "The columns to answer, each a field of a JSON object. Without them, all but the key's.",
                byDefault = "[]",
                example = "[plan, country]")
        List<String> columns,

        @Setting(value = "How many keys one query may ask for.", byDefault = "100")
        int maxBatch,

        @Setting(
                value = "How many connections each worker process opens, and so how many queries it makes at a time.",
                byDefault = "4")
        int connections)
        implements LookupClient.Provider<String, byte[]> {

    /** How many keys a query asks for unless a spec says otherwise. */
    public static final int DEFAULT_MAX_BATCH = 100;

    /** How many connections there are unless a spec says otherwise. */
    public static final int DEFAULT_CONNECTIONS = 4;

    private static final int MOST_IN_A_BATCH = 1_000;
    private static final Pattern PASSWORD_IN_URL =
            Pattern.compile(".*((password|pwd)\\s*=|[^:]@).*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    public JdbcLookup {
        columns = List.copyOf(columns);
        checkAccess(url, user, password);
        Names.checkTable(table);
        Names.checkColumn("keyColumn", keyColumn);
        columns.forEach(column -> Names.checkColumn("columns", column));
        checkArgument(
                maxBatch >= 1 && maxBatch <= MOST_IN_A_BATCH,
                "maxBatch must be from 1 to %s, but was %s",
                MOST_IN_A_BATCH,
                maxBatch);
        checkArgument(connections >= 1, "connections must be at least 1, but was %s", connections);
    }

    static void checkAccess(String url, @Nullable String user, @Nullable String password) {
        checkArgument(
                !PASSWORD_IN_URL.matcher(url).matches(),
                "url must have no user or password in it: user and password are settings of their own");
        checkArgument(url.startsWith("jdbc:"), "url must begin with jdbc:, but was '%s'", url);
        checkArgument(
                password == null || References.isReference(password),
                "password must be a reference, such as ${env:NAME} or ${file:PATH}, so that the secret stays out of the job");
        checkArgument(password == null || user != null, "user must be given together with password");
    }

    /** All columns of a table, in a database that asks for no name. */
    public static JdbcLookup of(String url, String table, String keyColumn) {
        return new JdbcLookup(url, null, null, table, keyColumn, List.of(), DEFAULT_MAX_BATCH, DEFAULT_CONNECTIONS);
    }

    /** The same, signing in with a name, and a reference to its password if it has one. */
    public JdbcLookup withUser(String user, @Nullable String password) {
        return new JdbcLookup(url, user, password, table, keyColumn, columns, maxBatch, connections);
    }

    /** The same, with these columns alone. */
    public JdbcLookup withColumns(List<String> columns) {
        return new JdbcLookup(url, user, password, table, keyColumn, columns, maxBatch, connections);
    }

    /** The same, with other limits. */
    public JdbcLookup withLimits(int maxBatch, int connections) {
        return new JdbcLookup(url, user, password, table, keyColumn, columns, maxBatch, connections);
    }

    @Override
    public LookupClient<String, byte[]> open() {
        return BlockingLookup.of(TableQuestion.open(this), connections);
    }
}
