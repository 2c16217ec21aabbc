package io.millrace.testfixtures.server;

import static io.millrace.testfixtures.Eventually.waitUntil;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ServerProcessTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final WorkDirectory directory = WorkDirectory.create("greeter");
    private final int port = FreePorts.next();
    private final ServerProcess greeter = Greeter.in(directory, port);

    @After
    public void close() {
        directory.close();
    }

    @Test
    public void isReadyWhenStartReturns() throws Exception {
        greeter.start();
        assertThat(Greeter.greeting(port), equalTo("hello"));
        assertThat(greeter.isRunning(), is(true));
    }

    @Test
    public void startsAgainOnTheSamePort() throws Exception {
        greeter.start();
        greeter.kill();
        assertThrows(ConnectException.class, () -> Greeter.greeting(port));
        greeter.start();
        assertThat(Greeter.greeting(port), equalTo("hello"));
    }

    @Test
    public void aStoppedServerEndsInGoodOrder() throws Exception {
        greeter.start();
        greeter.stop();
        assertThat(greeter.isRunning(), is(false));
        assertThat(Files.readString(greeter.log()), containsString("ended in good order"));
    }

    @Test
    public void aKilledServerDoesNot() throws Exception {
        greeter.start();
        greeter.kill();
        assertThat(greeter.isRunning(), is(false));
        assertThat(Files.readString(greeter.log()), not(containsString("ended in good order")));
    }

    @Test
    public void aPausedServerKeepsItsGuestsWaiting() throws Exception {
        greeter.start();
        greeter.pause();
        assertThrows(SocketTimeoutException.class, () -> Greeter.greeting(port, 500));
        greeter.resume();
        waitUntil("a greeting", () -> Greeter.greeting(port).equals("hello"));
    }

    @Test
    public void aPausedServerCanBeKilled() {
        greeter.start();
        greeter.pause();
        greeter.kill();
        assertThat(greeter.isRunning(), is(false));
    }

    @Test
    public void aServerThatDoesNotComeUpShowsItsLog() {
        ServerProcess broken = new ServerProcess(
                new ServerCommand("broken", "greeter", Greeter.class.getName(), List.of(), List.of("broken")),
                directory,
                () -> false);
        ServerStartException failure = assertThrows(ServerStartException.class, broken::start);
        assertThat(
                failure.getMessage(),
                containsString("broken exited before it was ready\nThe last lines of " + broken.log() + ":\n"));
        assertThat(failure.getMessage(), containsString("IllegalStateException: the disk is full"));
    }

    @Test
    public void refusesToStartTwice() {
        greeter.start();
        assertThat(
                assertThrows(IllegalStateException.class, greeter::start).getMessage(),
                equalTo("greeter must be stopped, but was running"));
    }

    @Test
    public void namesTheModuleThatIsMissing() {
        ServerCommand command = new ServerCommand("none", "no-server", "Main", List.of(), List.of());
        ServerProcess none = new ServerProcess(command, directory, () -> true);
        assertThat(
                assertThrows(IllegalStateException.class, none::start).getMessage(),
                equalTo("no resource META-INF/millrace/no-server.classpath: build and depend on millrace-no-server"));
    }

    @Test
    public void goesAwayWithItsWorkDirectory() {
        greeter.start();
        directory.close();
        assertThat(greeter.isRunning(), is(false));
        assertThat(Files.exists(directory.path()), is(false));
    }

    @Test
    public void endsWhenItsParentIsKilled() throws Exception {
        assertThatGreeterEndsWithItsParent("running");
    }

    @Test
    public void endsWhenItsParentIsKilledWhileItIsPaused() throws Exception {
        assertThatGreeterEndsWithItsParent("paused");
    }

    private void assertThatGreeterEndsWithItsParent(String how) throws Exception {
        Process parent = startParent(how);
        ProcessHandle orphan = ProcessHandle.of(greeterOf(parent)).orElseThrow();
        parent.destroyForcibly();
        orphan.onExit().get(60, TimeUnit.SECONDS);
        assertThat(orphan.isAlive(), is(false));
    }

    private Process startParent(String how) throws IOException {
        Path temporary = folder.getRoot().toPath();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        Integer.toString(port),
                        how)
                .directory(temporary.toFile())
                .redirectError(Redirect.INHERIT)
                .start();
    }

    private static long greeterOf(Process parent) throws IOException {
        BufferedReader output = parent.inputReader();
        String line = output.readLine();
        assertThat(line, containsString("greeter "));
        return Long.parseLong(line.substring("greeter ".length()));
    }
}
