package io.millrace.io.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.millrace.io.config.References;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Opens pools of connections, on the worker that needs them: only there are references to secrets resolved. */
final class Connections {
    private static final long CONNECT_MILLIS = 5_000;
    private static final long VALIDATE_MILLIS = 2_000;
    private static final long NOT_TO_BE_REACHED_AT_FIRST = -1;

    private Connections() {}

    /**
     * Connections to a database, which need not be reached yet.
     *
     * @throws IllegalArgumentException if there is no driver for it, or a reference cannot be resolved
     */
    static HikariDataSource open(String url, @Nullable String user, @Nullable String password, int connections) {
        HikariConfig config = new HikariConfig();
        config.setDriverClassName(driver(url));
        config.setPoolName("millrace-jdbc-lookup");
        config.setJdbcUrl(url);
        if (user != null) {
            config.setUsername(References.resolve(user));
        }
        if (password != null) {
            config.setPassword(References.resolve(password));
        }
        config.setMaximumPoolSize(connections);
        config.setReadOnly(true);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setValidationTimeout(VALIDATE_MILLIS);
        config.setInitializationFailTimeout(NOT_TO_BE_REACHED_AT_FIRST);
        return new HikariDataSource(config);
    }

    /** That of a jar which a user has added is found by the thread's class loader, and by that of this class where it is in the same jar. */
    private static String driver(String url) {
        return Stream.of(Thread.currentThread().getContextClassLoader(), Connections.class.getClassLoader())
                .flatMap(loader -> ServiceLoader.load(Driver.class, loader).stream())
                .map(ServiceLoader.Provider::get)
                .filter(driver -> takes(driver, url))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "url must be of a database whose JDBC driver is on the class path, where --jars puts it, but was "
                                + url))
                .getClass()
                .getName();
    }

    private static boolean takes(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException e) {
            throw new IllegalArgumentException("url must be one that its driver can read, but was " + url, e);
        }
    }
}
