package io.millrace.io.jdbc;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.regex.Pattern;

/** Names of SQL, which stand in a statement as they are given: nothing else may stand in them. */
final class Names {
    private static final String NAME = "([A-Za-z_][A-Za-z0-9_$]{0,127}|\"[^\"\\p{Cntrl}]{1,128}\")";
    private static final Pattern COLUMN = Pattern.compile(NAME);
    private static final Pattern TABLE = Pattern.compile(NAME + "(\\." + NAME + "){0,2}");

    private Names() {}

    static void checkTable(String table) {
        checkArgument(
                TABLE.matcher(table).matches(),
                "table must be a name of letters, digits, _ and $, or one in double quotes, with its schema before a dot if"
                        + " that is needed, but was '%s'",
                table);
    }

    static void checkColumn(String setting, String column) {
        checkArgument(
                COLUMN.matcher(column).matches(),
                "%s must be a name of letters, digits, _ and $, or one in double quotes, but was '%s'",
                setting,
                column);
    }

    /** A name as a database tells it. */
    static String unquoted(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1) : name;
    }
}
