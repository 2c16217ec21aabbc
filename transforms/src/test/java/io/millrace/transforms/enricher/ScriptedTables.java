package io.millrace.transforms.enricher;

import io.millrace.transforms.enricher.LookupTable.Loaded;
import io.millrace.transforms.enricher.LookupTable.Source;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A place of tables that a test fills, known to every copy that serialisation made of it within this JVM. */
final class ScriptedTables implements Source<String, String> {
    private static final long serialVersionUID = 1;
    private static final Map<String, Place> PLACES = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();
    private final boolean mayBeEmpty;

    private ScriptedTables(boolean mayBeEmpty) {
        this.mayBeEmpty = mayBeEmpty;
        PLACES.put(id, new Place());
    }

    static ScriptedTables empty() {
        return new ScriptedTables(false);
    }

    /** A place whose tables may have no row. */
    static ScriptedTables thatMayBeEmpty() {
        return new ScriptedTables(true);
    }

    static ScriptedTables of(Map<String, String> rows) {
        ScriptedTables tables = new ScriptedTables(false);
        tables.answer(held -> Optional.of(new Loaded<>(LookupTable.of(rows), "1", 0)));
        return tables;
    }

    /** What a load gives. */
    interface Load {
        Optional<Loaded<String, String>> load(String held) throws IOException, InterruptedException;
    }

    private static final class Place {
        private volatile Load load = held -> {
            throw new IOException("there is nothing yet");
        };
        private final AtomicInteger loads = new AtomicInteger();
    }

    void answer(Load load) {
        here().load = load;
    }

    int loads() {
        return here().loads.get();
    }

    private Place here() {
        return PLACES.get(id);
    }

    @Override
    public String place() {
        return "the shelf";
    }

    @Override
    public Optional<Loaded<String, String>> load(String held) throws IOException, InterruptedException {
        here().loads.incrementAndGet();
        return here().load.load(held);
    }

    @Override
    public boolean mayBeEmpty() {
        return mayBeEmpty;
    }
}
