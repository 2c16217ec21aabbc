package io.millrace.io.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.millrace.transforms.enricher.BlockingLookup;
import io.millrace.transforms.enricher.LookupRefusedException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a table for the rows of keys. */
final class TableQuestion implements BlockingLookup.Question<String, byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(TableQuestion.class);
    private static final int ANSWER_SECONDS = 30;
    private static final int NETWORK_MILLIS = 60_000;
    private static final int SHOWN_OF_A_KEY = 100;
    private static final long BETWEEN_TOLD_NANOS = Duration.ofMinutes(1).toNanos();

    private final JdbcLookup lookup;
    private final Query query;
    private final HikariDataSource connections;
    private final AtomicLong told = new AtomicLong(System.nanoTime() - BETWEEN_TOLD_NANOS);
    private volatile @Nullable KeyType keyType;

    private TableQuestion(JdbcLookup lookup, HikariDataSource connections) {
        this.lookup = lookup;
        this.query = new Query(lookup);
        this.connections = connections;
    }

    /**
     * Opens connections to a database, if it can be reached, and asks it for the type of the keys.
     *
     * @throws IllegalArgumentException if it answers that settings are wrong
     */
    static TableQuestion open(JdbcLookup lookup) {
        TableQuestion question = new TableQuestion(
                lookup, Connections.open(lookup.url(), lookup.user(), lookup.password(), lookup.connections()));
        try {
            question.findKeyType();
        } catch (SQLException e) {
            if (SqlFailures.isOfSettings(e)) {
                question.close();
                throw new IllegalArgumentException(question.text(e), e);
            }
            LOG.warn("{}: lookups wait until it can be reached", question.text(e));
        } catch (IllegalArgumentException e) {
            question.close();
            throw e;
        }
        return question;
    }

    private String text(SQLException failure) {
        return lookup.url() + " cannot be asked for " + lookup.table() + ": " + SqlFailures.text(failure);
    }

    private KeyType findKeyType() throws SQLException {
        try (Connection connection = connections.getConnection()) {
            limit(connection, NETWORK_MILLIS);
            return findKeyType(connection);
        }
    }

    private KeyType findKeyType(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query.ofNothing());
                ResultSet nothing = statement.executeQuery()) {
            KeyType type = KeyType.of(nothing.getMetaData(), 1);
            if (type == null) {
                throw new IllegalArgumentException("keyColumn must be of text, a number, a UUID or a date, but "
                        + lookup.keyColumn() + " is of " + nothing.getMetaData().getColumnTypeName(1));
            }
            keyType = type;
            return type;
        }
    }

    static void limit(Connection connection, int millis) throws SQLException {
        try {
            connection.setNetworkTimeout(Runnable::run, millis);
        } catch (SQLFeatureNotSupportedException e) {
            LOG.debug("the driver has no limit for a connection that says nothing", e);
        }
    }

    @Override
    public Map<String, byte[]> ask(Set<String> keys) throws IOException {
        try {
            KeyType known = keyType;
            KeyType type = known == null ? findKeyType() : known;
            return rows(type, namesByKey(type, keys));
        } catch (SQLException e) {
            if (SqlFailures.isOfKeys(e)) {
                throw new LookupRefusedException(text(e), e);
            }
            if (SqlFailures.isOfSettings(e)) {
                tell(e);
            }
            throw new IOException(text(e), e);
        }
    }

    /** Tells people what only they can mend, from time to time as long as it is so. */
    private void tell(SQLException failure) {
        long last = told.get();
        long now = System.nanoTime();
        if (now - last >= BETWEEN_TOLD_NANOS && told.compareAndSet(last, now)) {
            LOG.error("{}: lookups wait until that is mended", text(failure));
        }
    }

    /** Keys as the database has them, and how each was asked for: {@code 7} and {@code 07} are the same number. */
    private Map<Object, List<String>> namesByKey(KeyType type, Set<String> keys) {
        Map<Object, List<String>> names = new HashMap<>();
        for (String key : keys) {
            names.computeIfAbsent(type.of(key, lookup.keyColumn()), absent -> new ArrayList<>(1))
                    .add(key);
        }
        return names;
    }

    private Map<String, byte[]> rows(KeyType type, Map<Object, List<String>> names) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            limit(connection, NETWORK_MILLIS);
            return rows(connection, type, names);
        }
    }

    private Map<String, byte[]> rows(Connection connection, KeyType type, Map<Object, List<String>> names)
            throws SQLException {
        try (PreparedStatement statement = query.prepare(connection, type, List.copyOf(names.keySet()))) {
            statement.setQueryTimeout(ANSWER_SECONDS);
            statement.setMaxRows(names.size() + 1);
            try (ResultSet rows = statement.executeQuery()) {
                return read(rows, type, names);
            }
        }
    }

    /** Of one row more than there are keys, two have the same key. */
    private Map<String, byte[]> read(ResultSet rows, KeyType type, Map<Object, List<String>> names)
            throws SQLException {
        List<Column> columns = query.columns(rows.getMetaData());
        int key = query.keyIndex(rows);
        Map<String, byte[]> values = new HashMap<>();
        while (rows.next()) {
            byte[] value = RowJson.of(rows, columns);
            for (String name : names.getOrDefault(type.read(rows, key), List.of())) {
                if (values.put(name, value) != null) {
                    throw new LookupRefusedException(lookup.table() + " has more than one row whose "
                            + lookup.keyColumn() + " is '" + shown(name) + "'");
                }
            }
        }
        return values;
    }

    private static String shown(String key) {
        return key.length() <= SHOWN_OF_A_KEY ? key : key.substring(0, SHOWN_OF_A_KEY) + "...";
    }

    @Override
    public void close() {
        connections.close();
    }
}
