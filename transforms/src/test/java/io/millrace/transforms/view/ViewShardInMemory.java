package io.millrace.transforms.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.Iterables;
import io.millrace.testfixtures.state.BagInMemory;
import io.millrace.testfixtures.state.MapInMemory;
import io.millrace.testfixtures.state.ValueInMemory;
import io.millrace.transforms.shard.Batches;
import io.millrace.transforms.shard.KeyBytes;
import io.millrace.transforms.view.ViewUpdate.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** A shard in memory, with its clock, what it has told, and who listens: a cache that has what was told last. */
final class ViewShardInMemory {
    static final int NUMBER = 0;

    private final ViewSettings settings;
    private final MapInMemory<KeyBytes, byte[]> keys = new MapInMemory<>();
    private final MapInMemory<Long, byte[]> pages = new MapInMemory<>();
    private final BagInMemory<byte[]> changes = new BagInMemory<>();
    private final BagInMemory<byte[]> entries = new BagInMemory<>();
    private final ViewShard.States states =
            new ViewShard.States(keys, changes, entries, new BagInMemory<>(), pages, new ValueInMemory<>());
    private final List<String> told = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private Map<String, List<String>> cache = new TreeMap<>();
    private boolean isBeginning;
    private boolean changesCome = true;
    private final Map<String, Long> versions = new TreeMap<>();
    private int outdated;
    private long now = 1_000_000;
    private @Nullable Long timerAt;

    ViewShardInMemory(ViewSettings settings) {
        this.settings = settings;
    }

    static ViewSettings settings() {
        return new ViewSettings(1_000, Double.POSITIVE_INFINITY, 3_600_000, new KeyItems.Limits(1_000, 100_000));
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static KeyBytes key(String key) {
        return new KeyBytes(bytes(key));
    }

    void add(String key, String item, String value, long version) {
        change(key, item, version, bytes(value));
    }

    void remove(String key, String item, long version) {
        change(key, item, version, null);
    }

    private void change(String key, String item, long version, byte @Nullable [] value) {
        send(
                ShardMessage.changes(),
                out -> ShardMessage.write(key(key), bytes(item), version, value, bytes("event of " + item), out));
    }

    void publish(long generation, String key, String item, String value) {
        send(
                ShardMessage.entries(generation),
                out -> ShardMessage.write(key(key), bytes(item), bytes(value), bytes("entry of " + item), out));
    }

    private void send(Batches batches, Batches.Writing element) {
        List<byte[]> sent = new ArrayList<>();
        Batches.Leaving leaving = (number, batch, earliest) -> sent.add(batch);
        try {
            batches.add(NUMBER, Instant.EPOCH, element, leaving);
            batches.leaveAll(leaving);
            for (byte[] batch : sent) {
                ViewShard shard = open();
                ShardMessage.read(batch, shard);
                close(shard);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void complete(long generation, long version, long entries, boolean hasAll) {
        send(shard -> shard.complete(generation, version, entries, hasAll));
    }

    void ask(ViewRequest request) {
        send(shard -> shard.request(request));
    }

    private void send(Consumer<ViewShard> message) {
        ViewShard shard = open();
        message.accept(shard);
        close(shard);
    }

    private ViewShard open() {
        return new ViewShard(
                NUMBER, settings, states, new Listening(), new ViewShard.Moment(now, isBeginning, changesCome));
    }

    private void close(ViewShard shard) {
        Long in = shard.timerToSet();
        timerAt = in == null ? timerAt : Long.valueOf(now + in);
        shard.close();
    }

    /** Time passes, and the timer fires whenever it is set for a moment of it. */
    void pass(long millis) {
        long until = now + millis;
        while (timerAt != null && timerAt <= until) {
            now = timerAt;
            fire();
        }
        now = until;
    }

    /** Time passes, and the timer fires when it is over, whenever it was set for. */
    void passAtOnce(long millis) {
        now += millis;
        if (timerAt != null && timerAt <= now) {
            fire();
        }
    }

    /** No changes come any more. */
    void isQuiet() {
        changesCome = false;
    }

    /** It begins anew, after more was told than it knows of. */
    void beginOver(Map<String, List<String>> cache) {
        this.cache = new TreeMap<>(cache);
        isBeginning = true;
    }

    /** The timer fires until there is nothing left to do at once. */
    private void fire() {
        timerAt = null;
        ViewShard shard = open();
        shard.fire();
        close(shard);
    }

    void end() {
        ViewShard shard = open();
        shard.finish();
        shard.close();
    }

    /** What was told since this was asked last: {@code key items version cause}. */
    List<String> told() {
        List<String> since = List.copyOf(told);
        told.clear();
        return since;
    }

    List<String> answers() {
        return answers;
    }

    List<String> refused() {
        return refused;
    }

    int outdated() {
        return outdated;
    }

    /** What each key is that has items, by what was told. */
    Map<String, List<String>> cache() {
        return cache;
    }

    /** How many keys something is known of. */
    int keysKept() {
        return keys.size();
    }

    int batchesAside() {
        return Iterables.size(changes.read()) + Iterables.size(entries.read());
    }

    int bytesKept(String key) {
        byte[] kept = keys.get(key(key)).read();
        return kept == null ? 0 : kept.length;
    }

    int pagesKept() {
        return pages.size();
    }

    private final class Listening implements ViewShard.Telling {
        @Override
        public void tell(KeyBytes key, ViewShard.Told what, Cause cause) {
            String name = text(key.bytes());
            List<String> items = texts(what);
            if (versions.merge(name, what.version(), Math::max) > what.version()) {
                throw new AssertionError(
                        name + " was told with version " + what.version() + " after " + versions.get(name));
            }
            told.add(name + " " + items + " " + what.version() + (cause == Cause.CHANGE ? "" : " " + cause));
            if (items.isEmpty()) {
                cache.remove(name);
            } else {
                cache.put(name, items);
            }
        }

        @Override
        public void answer(Round round, Map<KeyBytes, ViewShard.Told> keys) {
            List<String> all = new ArrayList<>();
            keys.forEach((key, what) -> all.add(text(key.bytes()) + "=" + texts(what) + "@" + what.version()
                    + (what.isPending() ? " pending" : "")));
            answers.add(round.request() + " " + round.done() + (round.isOver() ? " last " : " ") + all);
        }

        @Override
        public void refuse(byte[] event) {
            refused.add(text(event));
        }

        @Override
        public void outdated() {
            outdated++;
        }
    }

    private static List<String> texts(ViewShard.Told told) {
        return told.items().stream().map(ViewShardInMemory::text).toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
