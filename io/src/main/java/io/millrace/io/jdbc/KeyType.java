package io.millrace.io.jdbc;

import io.millrace.transforms.enricher.LookupRefusedException;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What keys are in the database. */
enum KeyType {
    TEXT("text") {
        @Override
        Object parse(String key) {
            return key;
        }

        @Override
        Object read(ResultSet rows, int column) throws SQLException {
            return rows.getString(column);
        }
    },

    /** Text of a fixed length, that databases fill up with spaces. */
    FIXED_TEXT("text") {
        @Override
        Object parse(String key) {
            return key;
        }

        @Override
        Object read(ResultSet rows, int column) throws SQLException {
            return rows.getString(column).stripTrailing();
        }
    },

    INTEGER("a whole number of 64 bits") {
        @Override
        Object parse(String key) {
            return Long.valueOf(key);
        }

        @Override
        Object read(ResultSet rows, int column) throws SQLException {
            return rows.getLong(column);
        }
    },

    DECIMAL("a decimal number") {
        @Override
        Object parse(String key) {
            if (!DIGITS.matcher(key).matches()) {
                throw new NumberFormatException(key);
            }
            return new BigDecimal(key).stripTrailingZeros();
        }

        @Override
        Object read(ResultSet rows, int column) throws SQLException {
            return rows.getBigDecimal(column).stripTrailingZeros();
        }
    },

    UNIQUE_ID("a UUID") {
        @Override
        Object parse(String key) {
            return UUID.fromString(key);
        }

        @Override
        Object read(ResultSet rows, int column) throws SQLException {
            return rows.getObject(column, UUID.class);
        }
    },

    DATE("a date such as 2026-11-25") {
        @Override
        Object parse(String key) {
            return LocalDate.parse(key);
        }

        @Override
        Object read(ResultSet rows, int column) throws SQLException {
            return rows.getObject(column, LocalDate.class);
        }
    };

    /** No exponent, which could stand for a number of a billion digits. */
    private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,1000}(\\.[0-9]{1,1000})?");

    private final String what;

    KeyType(String what) {
        this.what = what;
    }

    abstract Object parse(String key);

    abstract Object read(ResultSet rows, int column) throws SQLException;

    /** The key as the database has it; equal for equal ones. */
    Object of(String key, String column) {
        try {
            return parse(key);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new LookupRefusedException(
                    "key must be " + what + ", as " + column + " is, but was '" + key + "'", e);
        }
    }

    void set(PreparedStatement statement, int parameter, Object key) throws SQLException {
        if (key instanceof String text) {
            statement.setString(parameter, text);
        } else {
            statement.setObject(parameter, key);
        }
    }

    /** The type of a column; null where keys cannot be of it. */
    static @Nullable KeyType of(ResultSetMetaData columns, int column) throws SQLException {
        return switch (columns.getColumnType(column)) {
            case Types.VARCHAR, Types.LONGVARCHAR, Types.NVARCHAR, Types.LONGNVARCHAR -> TEXT;
            case Types.CHAR, Types.NCHAR -> FIXED_TEXT;
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> INTEGER;
            case Types.NUMERIC, Types.DECIMAL -> DECIMAL;
            case Types.DATE -> DATE;
            default ->
                columns.getColumnTypeName(column).toLowerCase(Locale.ROOT).equals("uuid") ? UNIQUE_ID : null;
        };
    }
}
