package io.millrace.io.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.millrace.io.config.Setting;
import io.millrace.io.table.RowPlace;
import io.millrace.io.table.RowReader;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a table or view of a database, as {@link JdbcLookup} makes objects of them. What is to be chosen, joined or computed is done by
 * a view.
 *
 * <p><i>Guarantee</i>: rows are those of one query, so of one moment. They are read a thousand at a time, where the driver can do so within a
 * transaction, as PostgreSQL's does. No version is told: each reload reads them all.
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
                        "Where the database is, as a JDBC URL without a password. Its driver must be on the job's class path.",
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

    private static final int FETCHED_AT_A_TIME = 1_000;
    private static final int NETWORK_MILLIS = 600_000;

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
        try (HikariDataSource connections = Connections.open(url, user, password, 1);
                Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false); // else PostgreSQL's driver reads all rows at once
            TableQuestion.limit(connection, NETWORK_MILLIS);
            read(connection, rows);
            return Optional.of("");
        } catch (SQLException e) {
            throw new IOException(SqlFailures.text(e), e);
        }
    }

    private void read(Connection connection, RowReader to) throws SQLException, IOException, InterruptedException {
        String selected = columns.isEmpty() ? "*" : String.join(", ", columns);
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + selected + " FROM " + table)) {
            statement.setFetchSize(FETCHED_AT_A_TIME);
            try (ResultSet rows = statement.executeQuery()) {
                List<Column> fields = Column.of(
                        rows.getMetaData(),
                        columns.stream().map(Names::unquoted).toList());
                while (rows.next()) {
                    to.row(RowJson.of(rows, fields));
                }
            }
        }
    }
}
