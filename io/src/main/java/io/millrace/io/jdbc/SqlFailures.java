package io.millrace.io.jdbc;

import com.google.common.base.Throwables;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;

/** What failures of a database are, by the classes of SQLSTATE. */
final class SqlFailures {
    private static final String WRONG_VALUE = "22";

    /** No such user, database, schema or table, or no right to it, or no statement. */
    private static final Set<String> WRONG_SETTINGS = Set.of("28", "3D", "3F", "42");

    private SqlFailures() {}

    /** Whether settings have to be changed before it can work. */
    static boolean isOfSettings(SQLException failure) {
        return Throwables.getCausalChain(failure).stream()
                .map(SqlFailures::stateClass)
                .anyMatch(WRONG_SETTINGS::contains);
    }

    /** Whether the database cannot take the keys. */
    static boolean isOfKeys(SQLException failure) {
        return stateClass(failure).equals(WRONG_VALUE);
    }

    private static String stateClass(Throwable failure) {
        String state = failure instanceof SQLException sql ? sql.getSQLState() : null;
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }

    /** What the database said, without what a pool says about it. */
    static String text(SQLException failure) {
        Throwable said = Throwables.getCausalChain(failure).stream()
                .filter(cause -> !stateClass(cause).isEmpty())
                .reduce((outer, inner) -> inner)
                .orElse(failure);
        return Objects.requireNonNullElse(said.getMessage(), said.getClass().getSimpleName())
                .strip()
                .replaceAll("\\s+", " ");
    }
}
