package io.millrace.testfixtures.flink;

import io.millrace.testfixtures.s3.S3Server;
import io.millrace.testfixtures.server.FreePorts;
import io.millrace.testfixtures.server.ServerCommand;
import io.millrace.testfixtures.server.ServerProcess;
import io.millrace.testfixtures.server.WorkDirectory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A real Flink session cluster on 127.0.0.1: a JobManager with REST and web UI, and TaskManagers, each a process.
 *
 * <p><i>State</i>: RocksDB, checkpoints and savepoints on the local file system, under one folder that {@link #close}
 * deletes. There is no high availability: a JobManager that starts again knows no job.
 *
 * <p><i>Time</i>: heartbeats every second, so that a killed process is missed in seconds; a failed job starts again
 * after 300 milliseconds, ten thousand times.
 *
 * <p><i>Fails</i>: a start as {@link ServerProcess} says.
 */
public final class FlinkCluster implements AutoCloseable {

    private static final String SERVER = "flink-server";
    private static final List<String> JAVA_17 = javaSeventeen();
    /** Each job's jar is hashed by each process that takes it, which Java itself does slowly when it compiles no further than {@link ServerCommand#SMALL_JVM} says. */
    private static final String FAST_HASHES = """
            security.provider.13=org.conscrypt.OpenSSLProvider
            jdk.security.provider.preferred=SHA:Conscrypt, SHA-1:Conscrypt, SHA1:Conscrypt
            """;

    private final WorkDirectory directory = WorkDirectory.create("flink");
    private final int restPort = FreePorts.next();
    private final FlinkRest rest = new FlinkRest(URI.create("http://127.0.0.1:" + restPort), savepoints());
    private final int taskManagers;
    private final int slots;
    private final Memory memory;
    private final ServerProcess jobManager;
    private final List<ServerProcess> workers = new ArrayList<>();
    private int startedWorkers;

    private FlinkCluster(int taskManagers, int slots, Memory memory) {
        this.taskManagers = taskManagers;
        this.slots = slots;
        this.memory = memory;
        directory.folder("conf");
        directory.write("conf/config.yaml", configuration());
        directory.write("conf/java.security", FAST_HASHES);
        jobManager = process(
                "jobmanager",
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                List.of("-Xmx512m"),
                List.of(),
                rest::isUp);
    }

    /** A cluster of so many TaskManagers with so many slots each, not started yet. */
    public static FlinkCluster of(int taskManagers, int slots) {
        return of(taskManagers, slots, Memory.SMALL);
    }

    /** The same, with so much memory for each TaskManager. */
    public static FlinkCluster of(int taskManagers, int slots, Memory memory) {
        return new FlinkCluster(taskManagers, slots, memory);
    }

    /** Starts every process that does not run, resumes every paused one, and returns when all work together. */
    public FlinkCluster start() {
        jobManager.resume();
        running().forEach(ServerProcess::resume);
        if (!jobManager.isRunning()) {
            jobManager.launch();
        }
        while (runningTaskManagers() < taskManagers) {
            launchTaskManager();
        }
        jobManager.awaitReady();
        running().forEach(ServerProcess::awaitReady);
        return this;
    }

    /** Submits jobs, watches and ends them. */
    public FlinkRest rest() {
        return rest;
    }

    /** {@code host:port}, as {@code --flinkMaster} wants it. */
    public String master() {
        return "127.0.0.1:" + restPort;
    }

    /** Kills the TaskManager that has run longest (SIGKILL). */
    public void killTaskManager() {
        running()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a TaskManager must be running, but none was"))
                .kill();
    }

    /** Starts one more TaskManager and returns when it is registered. */
    public void startTaskManager() {
        launchTaskManager().awaitReady();
    }

    /** How many TaskManagers live. */
    public int runningTaskManagers() {
        return (int) running().count();
    }

    /** Kills the JobManager (SIGKILL); it forgets its jobs. */
    public void killJobManager() {
        jobManager.kill();
    }

    /** Starts the JobManager again and returns when the living TaskManagers have registered with it. */
    public void startJobManager() {
        jobManager.start();
        running().forEach(ServerProcess::awaitReady);
    }

    /** The living TaskManagers' processes, the one that has run longest first. */
    public List<ServerProcess> taskManagerProcesses() {
        return running().toList();
    }

    /** The folder of checkpoints: one folder a job. */
    public Path checkpoints() {
        return directory.folder("checkpoints");
    }

    /** The folder of savepoints. */
    public Path savepoints() {
        return directory.folder("savepoints");
    }

    /** Ends every process and deletes what they kept. */
    @Override
    public void close() {
        directory.close();
    }

    private Stream<ServerProcess> running() {
        return workers.stream().filter(ServerProcess::isRunning);
    }

    private ServerProcess launchTaskManager() {
        String id = "taskmanager-" + ++startedWorkers;
        ServerProcess worker = process(
                id,
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                memory.ofJvm(),
                List.of("-D", "taskmanager.resource-id=" + id),
                () -> rest.taskManagers().contains(id));
        workers.add(worker);
        worker.launch();
        return worker;
    }

    private ServerProcess process(
            String name, String mainClass, List<String> memory, List<String> settings, Callable<Boolean> ready) {
        List<String> arguments = new ArrayList<>(
                List.of("--configDir", directory.path().resolve("conf").toString()));
        arguments.addAll(settings);
        String security = "-Djava.security.properties=" + directory.path().resolve("conf/java.security");
        List<String> options = Stream.of(memory.stream(), JAVA_17.stream(), Stream.of(security))
                .flatMap(Function.identity())
                .toList();
        ServerCommand command = new ServerCommand(name, SERVER, mainClass, options, arguments);
        return new ServerProcess(command.withEnvironment(S3Server.credentials()), directory, ready);
    }

    private String configuration() {
        return String.join(
                "\n",
                "jobmanager.rpc.address: 127.0.0.1",
                "jobmanager.rpc.port: " + FreePorts.next(),
                "jobmanager.bind-host: 127.0.0.1",
                "rest.address: 127.0.0.1",
                "rest.bind-address: 127.0.0.1",
                "rest.port: " + restPort,
                "rest.bind-port: '" + restPort + "'",
                "web.upload.dir: " + directory.folder("upload"),
                "web.refresh-interval: 300",
                "web.timeout: 120000",
                "rest.server.max-content-length: 209715200",
                "blob.storage.directory: " + directory.folder("blobs"),
                "io.tmp.dirs: " + directory.folder("tmp"),
                "taskmanager.host: 127.0.0.1",
                "taskmanager.bind-host: 127.0.0.1",
                "taskmanager.numberOfTaskSlots: " + slots,
                "taskmanager.cpu.cores: " + slots,
                String.join("\n", memory.settings()),
                "state.backend.type: rocksdb",
                "state.checkpoints.dir: " + checkpoints().toUri(),
                "state.savepoints.dir: " + savepoints().toUri(),
                "state.checkpoints.num-retained: 3",
                "restart-strategy.type: fixed-delay",
                "restart-strategy.fixed-delay.attempts: 10000",
                "restart-strategy.fixed-delay.delay: 300 ms",
                "cluster.registration.error-delay: 1000",
                "cluster.registration.refused-registration-delay: 1000",
                "cluster.registration.max-timeout: 2000",
                "heartbeat.interval: 1000",
                "heartbeat.timeout: 11000",
                "pekko.ask.timeout: 30 s",
                "");
    }

    /** What a JVM needs that runs Flink on Java 17: pom.xml and .mvn/jvm.config have the same for tests and exec:java. */
    public static List<String> javaSeventeen() {
        Stream<String> opened = Stream.of(
                        "lang",
                        "lang.reflect",
                        "net",
                        "io",
                        "nio",
                        "text",
                        "time",
                        "util",
                        "util.concurrent",
                        "util.concurrent.atomic",
                        "util.concurrent.locks")
                .map(name -> "--add-opens=java.base/java." + name + "=ALL-UNNAMED");
        return Stream.concat(
                        Stream.of(
                                "--add-exports=java.base/sun.net.util=ALL-UNNAMED",
                                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"),
                        opened)
                .toList();
    }
}
