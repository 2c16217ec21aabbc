package io.millrace.pipelines.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.hash.Hashing;
import io.millrace.io.files.FileEvents;
import io.millrace.io.files.FileSource;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.StoredDeadLetter;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.beam.sdk.options.PipelineOptions;

/** Dead letters stored in files or objects, as a folder of them, a glob or a single one. */
public final class StoredDeadLetters {
    private static final int DIGITS = 12;

    private final String path;

    private StoredDeadLetters(String path) {
        this.path = path;
    }

    /** Those at a path. */
    public static StoredDeadLetters at(String path) {
        return new StoredDeadLetters(path);
    }

    /**
     * Reads them in this process, one after the other.
     *
     * @throws IOException if there are none, or they cannot be read
     * @throws IllegalArgumentException if a line is no dead letter
     */
    public void forEach(PipelineOptions options, Consumer<StoredDeadLetter> action) throws IOException {
        FileEvents.forEach(new FileSource(path), options, line -> action.accept(parse(line)));
    }

    /**
     * Those of one route.
     *
     * @param identity what identifies them: the same ones, in whatever order and however often, have the same
     * @param epoch the highest of the runs that wrote them
     */
    public record OfRoute(String identity, long epoch) {}

    /** What there is of each route that has any. Reads them once. */
    public Map<String, OfRoute> ofRoutes(PipelineOptions options) throws IOException {
        Map<String, Set<String>> ids = new TreeMap<>();
        Map<String, Long> epochs = new HashMap<>();
        forEach(options, stored -> {
            String route = stored.deadLetter().route();
            ids.computeIfAbsent(route, none -> new HashSet<>())
                    .add(stored.deadLetter().id().toString());
            epochs.merge(route, stored.epoch(), Math::max);
        });
        Map<String, OfRoute> ofRoutes = new TreeMap<>();
        ids.forEach((route, of) -> ofRoutes.put(route, new OfRoute(identity(of), epochs.getOrDefault(route, 0L))));
        return ofRoutes;
    }

    private static String identity(Set<String> ids) {
        BigInteger sum = ids.stream().map(StoredDeadLetters::sha256).reduce(BigInteger.ZERO, BigInteger::add);
        return String.format("%0" + DIGITS + "x", sum.shiftRight(Long.SIZE)).substring(0, DIGITS);
    }

    /** The dead letter in a line. */
    static StoredDeadLetter parse(Event line) {
        try {
            return StoredDeadLetter.parse(requireNonNull(line.value()));
        } catch (IllegalArgumentException e) {
            IllegalArgumentException wrong =
                    new IllegalArgumentException("every line must be a dead letter, but " + line.id().origin().stream()
                            + " at byte " + line.id().origin().offset() + " is none: " + e.getMessage());
            wrong.addSuppressed(e); // a cause would be what a person gets to see
            throw wrong;
        }
    }

    private static BigInteger sha256(String text) {
        return new BigInteger(1, Hashing.sha256().hashString(text, UTF_8).asBytes());
    }
}
