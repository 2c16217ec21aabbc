package io.millrace.io.objects;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.Differences;
import io.millrace.io.sink.Differences.Kind;
import io.millrace.io.sink.Replayed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * Windows of a route in a folder and in its shadow, by their lines. A line has no identity, so one that has become another is one that was removed and one that was added.
 *
 * <p>A window of which the restatement has lines that came of what was restated is corrected as a whole, if its lines differ: its objects are copied, then their manifests take the place of those of
 * lower epochs. One of which it has none is removed, where all that was in it came of what was restated; one that has other lines too stays, as does what replays of dead letters alone have written. One in which a run of the same
 * or a higher epoch has written since is left as it is.
 *
 * <p><i>State</i>: the manifests of the route in both folders, and a digest of each line of one window.
 */
final class FolderCorrections implements Corrections {
    private final Folder folder;
    private final Folder shadow;
    private final ObjectNames names;
    private final long epoch;

    FolderCorrections(Folder folder, Folder shadow, ObjectNames names, long epoch) {
        this.folder = folder;
        this.shadow = shadow;
        this.names = names;
        this.epoch = epoch;
    }

    @Override
    public void find(Replayed restated, Differences found) throws IOException {
        for (Window window : windows(restated)) {
            window.compare(found);
        }
    }

    @Override
    public void publish(Replayed restated, Differences found) throws IOException {
        for (Window window : windows(restated)) {
            if (window.compare(found)) {
                window.publish();
            }
        }
    }

    private Collection<Window> windows(Replayed restated) throws IOException {
        if (shadow.read(FolderSink.SHADOW_MARK).isEmpty()) {
            throw new IOException("shadow " + shadow + " must be there, but is not");
        }
        Map<String, Map<String, Manifest>> published = manifests(folder);
        Map<String, Map<String, Manifest>> now = manifests(shadow);
        TreeSet<String> starts = new TreeSet<>(published.keySet());
        starts.addAll(now.keySet());
        return starts.stream()
                .map(start -> new Window(
                        restated, published.getOrDefault(start, Map.of()), now.getOrDefault(start, Map.of())))
                .toList();
    }

    /** The manifests of the route by their names, by window. */
    private Map<String, Map<String, Manifest>> manifests(Folder of) throws IOException {
        Map<String, Map<String, Manifest>> windows = new TreeMap<>();
        for (String name : of.listBelow(names.everyManifestOfThisRoute())) {
            Manifest.read(name, of)
                    .ifPresent(manifest -> windows.computeIfAbsent(
                                    name.substring(0, name.lastIndexOf('/')), none -> new TreeMap<>())
                            .put(name, manifest));
        }
        return windows;
    }

    /** One window: what the folder has of it, and what the shadow has. */
    private final class Window {
        private final Map<String, Manifest> published;
        private final Map<String, Manifest> now;
        private final Map<String, Manifest> gone = new TreeMap<>();
        private final Map<String, Manifest> kept = new TreeMap<>();
        private final boolean isOutranked;

        Window(Replayed restated, Map<String, Manifest> published, Map<String, Manifest> now) {
            this.published = published;
            this.now = new TreeMap<>(now);
            this.now.values().removeIf(manifest -> !Part.mayBeOf(manifest, restated));
            this.isOutranked = published.entrySet().stream()
                    .anyMatch(one -> one.getValue().epoch() >= epoch && !this.now.containsKey(one.getKey()));
            published.forEach((name, manifest) -> {
                if (manifest.epoch() < epoch) {
                    sort(name, manifest, Part.of(manifest, restated), Part.mayBeOf(manifest, restated));
                }
            });
        }

        /** What a replay of dead letters has written is made again where its window is, and else is not known to be wrong. */
        private void sort(String name, Manifest manifest, Part part, boolean mayBeRestated) {
            boolean isReplaced = now.keySet().stream().anyMatch(other -> ObjectNames.mayShareLines(name, other));
            if (manifest.isOfReplay()
                    ? isReplaced && part == Part.ALL
                    : part == Part.ALL || (isReplaced && mayBeRestated)) {
                gone.put(name, manifest);
            } else if (part == Part.SOME && !manifest.isOfReplay()) {
                kept.put(name, manifest);
            }
        }

        /** Whether its lines differ, which are then told of. */
        boolean compare(Differences found) throws IOException {
            if (isOutranked) {
                return false;
            }
            kept.forEach((name, manifest) -> {
                found.add(Kind.KEPT, manifest.records());
                found.addSample(Kind.KEPT, manifest.object());
            });
            Map<HashCode, Long> lines = new HashMap<>();
            forEachLine(shadow, now, (line, digest) -> lines.merge(digest, 1L, Long::sum));
            forEachLine(folder, before(), (line, digest) -> lines.merge(digest, -1L, Long::sum));
            lines.values().removeIf(more -> more == 0);
            lines.values().forEach(more -> found.add(more > 0 ? Kind.ADDED : Kind.REMOVED, Math.abs(more)));
            sample(lines, found);
            return !lines.isEmpty();
        }

        /** What the folder has that is to go, or was published before. */
        private Map<String, Manifest> before() {
            Map<String, Manifest> before = new TreeMap<>(gone);
            published.forEach((name, manifest) -> {
                if (now.containsKey(name)) {
                    before.put(name, manifest);
                }
            });
            return before;
        }

        private void sample(Map<HashCode, Long> lines, Differences found) throws IOException {
            if (!lines.isEmpty() && found.takesSample(Kind.ADDED)) {
                forEachLine(shadow, now, (line, digest) -> {
                    if (lines.getOrDefault(digest, 0L) > 0) {
                        found.addSample(Kind.ADDED, line);
                    }
                });
            }
            if (!lines.isEmpty() && found.takesSample(Kind.REMOVED)) {
                forEachLine(folder, before(), (line, digest) -> {
                    if (lines.getOrDefault(digest, 0L) < 0) {
                        found.addSample(Kind.REMOVED, line);
                    }
                });
            }
        }

        void publish() throws IOException {
            for (Map.Entry<String, Manifest> one : now.entrySet()) {
                Standing standing = new Standing(true, Map.of(), published);
                for (String object : objects(one.getValue())) {
                    folder.copy(object, shadow);
                }
                Manifest adopted = one.getValue().ofGeneration(standing.generation(one.getKey()));
                folder.write(one.getKey(), out -> out.write(adopted.toJson()));
            }
            for (Map.Entry<String, Manifest> one : gone.entrySet()) {
                folder.delete(objects(one.getValue()));
                folder.delete(List.of(one.getKey())); // last: by it the objects are found again
            }
        }
    }

    private static List<String> objects(Manifest manifest) {
        return LongStream.range(0, manifest.objects())
                .mapToObj(number -> ObjectNames.withNumber(manifest.object(), number))
                .toList();
    }

    /** What is done with a line. */
    private interface LineAction {
        void take(String line, HashCode digest);
    }

    private static void forEachLine(Folder of, Map<String, Manifest> manifests, LineAction action) throws IOException {
        for (Manifest manifest : manifests.values()) {
            for (String object : objects(manifest)) {
                try (ObjectLines lines = ObjectLines.of(of, object)) {
                    for (byte[] line = lines.next(); line != null; line = lines.next()) {
                        action.take(
                                new String(line, StandardCharsets.UTF_8),
                                Hashing.murmur3_128().hashBytes(line));
                    }
                }
            }
        }
    }
}
