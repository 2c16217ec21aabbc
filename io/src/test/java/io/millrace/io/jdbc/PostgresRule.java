package io.millrace.io.jdbc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.rules.ExternalResource;

/** A PostgreSQL of a test class, which believes everybody but {@code app}, who has a password. */
final class PostgresRule extends ExternalResource {
    static final String PASSWORD = "open-sesame";

    private EmbeddedPostgres postgres;

    @Override
    protected void before() throws Exception {
        postgres = start(0);
        execute("CREATE ROLE app LOGIN PASSWORD '" + PASSWORD + "'");
    }

    /** Starts one at a port; 0 for any that is free. */
    static EmbeddedPostgres start(int port) throws IOException {
        Path access = Files.createTempFile("access", ".conf");
        Files.writeString(
                access,
                "host all app 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\n",
                US_ASCII);
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setPGStartupWait(Duration.ofMinutes(2))
                .setServerConfig("hba_file", access.toString())
                .start();
    }

    @Override
    protected void after() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
    }

    Connection connect() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    /** The number that a query gives. */
    long number(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
