package io.millrace.io.jdbc;

import io.millrace.io.config.Setting;
import io.millrace.io.table.RowPlace;
import io.millrace.io.table.RowReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a table or view of a database, as {@link JdbcLookup} makes objects of them. What is to be chosen, joined or computed is done by
 * a view.
 *
 * <p><i>Guarantee</i>: rows are those of one query, so of one moment. They are read a thousand at a time, where the driver can do so within a
 * transaction, as PostgreSQL's does. No version is told: each reload reads them all. A database that says nothing for ten minutes is given
 * up, and a query whose rows nobody needs any more is ended.
 *
 * @param url where the database is
 * @param user the name to sign in with
 * @param password a reference to the password
 * @param table the table or view, with its schema if that is needed
 * @param columns what rows have; empty for all columns
 */
public record JdbcTable(
        @Setting(
                value =
                        "Where the database is, as a JDBC URL without a password. Its driver comes with --jars=DRIVER.jar; none is included.",
                example = "jdbc:postgresql://localhost:5432/videos")
        String url,

        @Setting(
                value =
                        "The name to sign in with. ${env:NAME} and ${file:PATH} are resolved where the table is loaded.",
                example = "millrace")
        @Nullable String user,

        @Setting(
                value =
                        "The password: always a reference, ${env:NAME} or ${file:PATH}, resolved where the table is loaded.",
                example = "${env:VIDEOS_PASSWORD}")
        @Nullable String password,

        @Setting(
                value =
                        "The table or view, with its schema if that is needed. A name that is no plain one stands in double quotes.",
                example = "app.videos")
        String table,

        @Setting(
                value = "The columns, each a field of a JSON object; the key must be one of them. Without it, all.",
                byDefault = "[]",
                example = "[id, title]")
        List<String> columns)
        implements RowPlace {

    public JdbcTable {
        columns = List.copyOf(columns);
        JdbcLookup.checkAccess(url, user, password);
        Names.checkTable(table);
        columns.forEach(column -> Names.checkColumn("columns", column));
    }

    /** All columns of a table, in a database that asks for no name. */
    public static JdbcTable of(String url, String table) {
        return new JdbcTable(url, null, null, table, List.of());
    }

    /** Whether rows have a field, as far as is known before they are there. */
    public boolean mayHave(String field) {
        return columns.isEmpty() || columns.stream().map(Names::unquoted).anyMatch(field::equals);
    }

    @Override
    public String place() {
        return table + " of " + url;
    }

    @Override
    public Optional<String> read(String held, RowReader rows) throws IOException, InterruptedException {
        RowsRead.all(this, rows);
        return Optional.of("");
    }
}
