package io.millrace.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.ControlLog.Reader;
import io.millrace.transforms.script.version.ControlLog.Replies;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Control records in a file: in their order, each once, from whoever appends. */
public class FileLogTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path;
    private FileLog log;

    @Before
    public void prepare() {
        path = folder.getRoot().toPath().resolve("new/script.jsonl");
        log = new FileLog(path.toString(), Clock.fixed(NOON.plusNanos(1_500_000), ZoneOffset.UTC));
    }

    @Test
    public void aRecordIsALineThatSaysWhenItWasPublished() throws Exception {
        log.append(version("v1"));

        assertThat(
                Files.readString(path),
                is("{\"id\":\"v1\",\"source\":\"//\",\"effectiveFrom\":\"2026-01-31T12:00:00Z\",\"author\":\"ann\","
                        + "\"publishedAt\":\"2026-01-31T12:00:00.001Z\"}\n"));
        assertThat(log.history(), contains(entry("v1")));
    }

    @Test
    public void readsWhatCameSinceTheLastTime() throws Exception {
        Reader reader = log.open();
        assertThat(reader.read().entries(), is(empty()));
        log.append(version("v1"));
        log.append(version("v2"));
        assertThat(reader.read().entries(), contains(entry("v1"), entry("v2")));
        assertThat(reader.read().entries(), is(empty()));
        log.append(version("v3"));
        assertThat(reader.read().entries(), contains(entry("v3")));
    }

    @Test
    public void aLineThatAPersonWroteMayLackItsEnd() throws Exception {
        Reader reader = log.open();
        Files.createDirectories(path.getParent());
        Files.writeString(path, "\n{\"id\":\"v1\"}");
        assertThat(reader.read().entries(), contains(new Entry("{\"id\":\"v1\"}", null)));
        log.append(version("v2"));
        assertThat(reader.read().entries(), contains(entry("v2")));
        Files.writeString(
                path, "{\"id\":1,\"publishedAt\":\"2026-01-31T12:00:00Z\"}\r\n{\n", StandardOpenOption.APPEND);
        assertThat(reader.read().entries(), contains(new Entry("{\"id\":1}", NOON), new Entry("{", null)));
    }

    @Test
    public void aFileMayOnlyGrow() throws Exception {
        log.append(version("v1"));
        Reader reader = log.open();
        reader.read();
        long size = Files.size(path);
        Files.writeString(path, "", StandardOpenOption.TRUNCATE_EXISTING);

        assertThat(
                assertThrows(IOException.class, reader::read).getMessage(),
                is("file " + path + " must only grow, but has 0 bytes after " + size));
    }

    @Test
    public void whatIsSaidFromNowOnIsHeardAndWhatIsNoReplyIsNot() throws Exception {
        ControlReply one = new ControlReply("v1", List.of(), NOON, "v1", "plays", "us");
        ControlReply other = new ControlReply("v2", List.of("no"), null, null, "plays", "us");
        log.reply(List.of(other));
        Replies said = log.listen();
        assertThat(said.read(), is(empty()));
        log.reply(List.of(one, other));
        Files.writeString(Path.of(path + ".replies"), "{\"record\":\"v1\"}\n", StandardOpenOption.APPEND);
        log.reply(List.of(one));

        assertThat(said.read(), contains(one, other, one));
        assertThat(said.read(), is(empty()));
        assertThat(
                Files.readAllLines(Path.of(path + ".replies"), UTF_8),
                contains(other.toJson(), one.toJson(), other.toJson(), "{\"record\":\"v1\"}", one.toJson()));
    }

    @Test
    public void whoeverAppendsAtTheSameTimeLosesNothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            String name = "t" + thread + "-";
            all.add(threads.submit(() -> {
                for (int i = 0; i < 50; i++) {
                    log.append(version(name + i));
                }
                return null;
            }));
        }
        List<String> read = new ArrayList<>();
        Reader reader = log.open();
        while (read.size() < 200) {
            reader.read()
                    .entries()
                    .forEach(one -> read.add(ControlRecord.idOf(one.text()).orElseThrow()));
        }
        for (Future<?> one : all) {
            one.get();
        }
        threads.shutdown();

        assertThat(read.stream().distinct().count(), is(200L));
        for (int thread = 0; thread < 4; thread++) {
            String name = "t" + thread + "-";
            List<String> own = read.stream().filter(id -> id.startsWith(name)).toList();
            for (int i = 0; i < 50; i++) {
                assertThat(own.get(i), is(name + i));
            }
        }
    }

    /** Jobs in one process have class loaders of their own. */
    @Test
    public void whoeverAppendsInAnotherClassLoaderLosesNothing() throws Exception {
        URL[] classes = {LockedFile.class.getProtectionDomain().getCodeSource().getLocation()};
        try (URLClassLoader loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Class<?> other = loader.loadClass(LockedFile.class.getName());
            Class<?> lines = loader.loadClass(LockedFile.Lines.class.getName());
            Object line = Proxy.newProxyInstance(
                    loader, new Class<?>[] {lines}, (proxy, method, arguments) -> List.of("{\"id\":\"other\"}"));
            Method append = other.getDeclaredMethod("append", Path.class, lines);
            append.setAccessible(true);
            CompletableFuture<Void> others = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 200; i++) {
                    try {
                        append.invoke(null, path, line);
                    } catch (ReflectiveOperationException e) {
                        throw new CompletionException(e);
                    }
                }
            });
            for (int i = 0; i < 200; i++) {
                log.append(version("v" + i));
            }
            others.get();
        }

        List<String> ids = log.history().stream()
                .map(one -> ControlRecord.idOf(one.text()).orElseThrow())
                .toList();
        assertThat(ids.stream().filter("other"::equals).count(), is(200L));
        assertThat(
                ids.stream().filter(id -> !id.equals("other")).toList(),
                is(IntStream.range(0, 200).mapToObj(i -> "v" + i).toList()));
    }

    private static ControlRecord version(String id) {
        return ControlRecord.ofSource(id, "//", NOON, "ann");
    }

    private static Entry entry(String id) {
        return new Entry(version(id).toJson(), NOON.plusMillis(1));
    }
}
