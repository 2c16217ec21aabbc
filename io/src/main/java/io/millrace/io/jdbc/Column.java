package io.millrace.io.jdbc;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A column of a result.
 *
 * @param index its place, from 1
 * @param name the name of its field
 * @param type its type, of {@link Types}
 * @param typeName what the database calls that, in lower case
 */
record Column(int index, String name, int type, String typeName) {

    /**
     * The columns of a result.
     *
     * @param names what they are called, where that was said; else as the database calls them
     */
    static List<Column> of(ResultSetMetaData result, List<String> names) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (int at = 1; at <= result.getColumnCount(); at++) {
            columns.add(new Column(
                    at,
                    names.isEmpty() ? result.getColumnLabel(at) : names.get(at - 1),
                    result.getColumnType(at),
                    result.getColumnTypeName(at).toLowerCase(Locale.ROOT)));
        }
        return columns;
    }

    /** PostgreSQL has one type for timestamps with a time zone and without. */
    boolean isZonedTimestamp() {
        return type == Types.TIMESTAMP_WITH_TIMEZONE || typeName.equals("timestamptz");
    }

    boolean isTimeOfDay() {
        return type == Types.TIME && !typeName.equals("timetz");
    }

    boolean isJson() {
        return typeName.equals("json") || typeName.equals("jsonb");
    }
}
