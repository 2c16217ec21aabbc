package io.millrace.io.jdbc;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Throwables;
import com.zaxxer.hikari.HikariDataSource;
import io.millrace.io.table.RowReader;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads all rows of a table, on a thread of its own: a driver waits for a socket, where no interrupt reaches it. */
final class RowsRead implements Callable<Boolean> {
    private static final Logger LOG = LoggerFactory.getLogger(RowsRead.class);
    private static final int FETCHED_AT_A_TIME = 1_000;
    private static final int SILENT_MILLIS = 600_000;

    private final JdbcTable table;
    private final RowReader to;
    private volatile @Nullable PreparedStatement asked;
    private volatile boolean broken;

    private RowsRead(JdbcTable table, RowReader to) {
        this.table = table;
        this.to = to;
    }

    /** Reads all; who is interrupted ends the query, too. */
    static void all(JdbcTable table, RowReader to) throws IOException, InterruptedException {
        RowsRead read = new RowsRead(table, to);
        FutureTask<Boolean> task = new FutureTask<>(read);
        Thread thread = new Thread(task, "millrace-jdbc-table");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            read.breakOff();
            throw e;
        } catch (ExecutionException e) {
            throw failure(requireNonNull(e.getCause()));
        }
    }

    private static IOException failure(Throwable failure) {
        Throwables.throwIfUnchecked(failure);
        if (failure instanceof SQLException said) {
            return new IOException(SqlFailures.text(said), said);
        }
        return failure instanceof IOException of ? of : new IOException(failure);
    }

    @Override
    public Boolean call() throws SQLException, IOException, InterruptedException {
        try (HikariDataSource connections = Connections.open(table.url(), table.user(), table.password(), 1);
                Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false); // else PostgreSQL's driver reads all rows at once
            TableQuestion.limit(connection, SILENT_MILLIS);
            read(connection);
            return true;
        }
    }

    private void read(Connection connection) throws SQLException, IOException, InterruptedException {
        String selected = table.columns().isEmpty() ? "*" : String.join(", ", table.columns());
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT " + selected + " FROM " + table.table())) {
            statement.setFetchSize(FETCHED_AT_A_TIME);
            asked = statement;
            checkIsWanted();
            try (ResultSet rows = statement.executeQuery()) {
                List<Column> fields = Column.of(
                        rows.getMetaData(),
                        table.columns().stream().map(Names::unquoted).toList());
                while (rows.next()) {
                    to.row(RowJson.of(rows, fields));
                }
            }
        }
    }

    private void checkIsWanted() throws InterruptedException {
        if (broken) {
            throw new InterruptedException("broken off");
        }
    }

    /** The database is told first: it goes on with a query whose connection has ended. */
    private void breakOff() {
        broken = true;
        PreparedStatement statement = asked;
        if (statement != null) {
            attempt("cancel", statement::cancel);
            attempt("abort", () -> statement.getConnection().abort(Runnable::run));
        }
    }

    private void attempt(String what, Ending ending) {
        try {
            ending.end();
        } catch (SQLException e) {
            LOG.debug("{} of the query of {} failed: it may have ended", what, table.place(), e);
        }
    }

    /** One of the ways in which a query is ended. */
    private interface Ending {
        void end() throws SQLException;
    }
}
