package io.millrace.io.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The statements of a lookup: made of names that were checked, with keys as parameters. */
final class Query {
    private final JdbcLookup lookup;
    private final List<String> names;

    Query(JdbcLookup lookup) {
        this.lookup = lookup;
        this.names = names(lookup);
    }

    /** What the columns of a result are called, of which the first is the key; empty for what the database calls them. */
    private static List<String> names(JdbcLookup lookup) {
        List<String> names = new ArrayList<>();
        if (!lookup.columns().isEmpty()) {
            names.add(Names.unquoted(lookup.keyColumn()));
            lookup.columns().forEach(column -> names.add(Names.unquoted(column)));
        }
        return List.copyOf(names);
    }

    /** A statement without a row, whose columns are the key and those that are answered. */
    String ofNothing() {
        String columns = lookup.columns().isEmpty() ? "" : ", " + String.join(", ", lookup.columns());
        return "SELECT " + lookup.keyColumn() + columns + " FROM " + lookup.table() + " WHERE 1 = 0";
    }

    /** Asks for keys; their number is rounded up to a power of two, by the last one again, so that statements are few. */
    PreparedStatement prepare(Connection connection, KeyType type, List<Object> keys) throws SQLException {
        int parameters = keys.size() == 1 ? 1 : Integer.highestOneBit(keys.size() - 1) * 2;
        PreparedStatement statement = connection.prepareStatement(of(parameters));
        for (int at = 0; at < parameters; at++) {
            type.set(statement, at + 1, keys.get(Math.min(at, keys.size() - 1)));
        }
        return statement;
    }

    private String of(int parameters) {
        String columns =
                lookup.columns().isEmpty() ? "*" : lookup.keyColumn() + ", " + String.join(", ", lookup.columns());
        return "SELECT " + columns + " FROM " + lookup.table() + " WHERE " + lookup.keyColumn() + " IN ("
                + String.join(", ", Collections.nCopies(parameters, "?")) + ")";
    }

    /** The columns that are answered. */
    List<Column> columns(ResultSetMetaData result) throws SQLException {
        List<Column> columns = Column.of(result, names);
        if (!names.isEmpty()) {
            return columns.subList(1, columns.size());
        }
        String key = Names.unquoted(lookup.keyColumn());
        return columns.stream()
                .filter(column -> !column.name().equalsIgnoreCase(key))
                .toList();
    }

    int keyIndex(ResultSet result) throws SQLException {
        return names.isEmpty() ? result.findColumn(Names.unquoted(lookup.keyColumn())) : 1;
    }
}
