package io.millrace.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.google.common.base.Throwables;
import com.google.common.io.Resources;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A driver in a jar that a user has added, which the classes of Millrace do not see. */
public class AddedDriverTest {
    private static final String URL = "jdbc:added:x";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void isFoundByTheClassLoaderOfTheThread() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> Connections.open(URL, null, null, 1));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader added = new Added(folderOfDriver(), before)) {
            thread.setContextClassLoader(added);
            try (HikariDataSource connections = Connections.open(URL, null, null, 1)) {
                SQLException failure = assertThrows(SQLException.class, connections::getConnection);
                assertThat(Throwables.getRootCause(failure).getMessage(), is("asked was a driver of Added"));
            }
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private URL folderOfDriver() throws IOException {
        Path root = folder.getRoot().toPath();
        String name = AddedDriver.class.getName();
        String file = name.replace('.', '/') + ".class";
        Files.createDirectories(root.resolve(file).getParent());
        Files.write(root.resolve(file), Resources.toByteArray(Resources.getResource(file)));
        Path services = Files.createDirectories(root.resolve("META-INF/services"));
        Files.writeString(services.resolve(Driver.class.getName()), name);
        return root.toUri().toURL();
    }

    /** Has the driver's class for itself. */
    private static final class Added extends URLClassLoader {
        Added(URL folder, ClassLoader parent) {
            super(new URL[] {folder}, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(AddedDriver.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }

    /** Says who has loaded it. */
    public static final class AddedDriver implements Driver {
        @Override
        public Connection connect(String url, Properties properties) throws SQLException {
            throw new SQLException("asked was a driver of "
                    + getClass().getClassLoader().getClass().getSimpleName());
        }

        @Override
        public boolean acceptsURL(String url) {
            return url.startsWith("jdbc:added:");
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
            return new DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 1;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }
    }
}
