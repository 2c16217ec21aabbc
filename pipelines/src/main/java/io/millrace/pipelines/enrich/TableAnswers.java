package io.millrace.pipelines.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.devinterface.spec.EnrichSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.TableSpec;
import io.millrace.transforms.enricher.Held;
import io.millrace.transforms.enricher.OnMiss;
import io.millrace.transforms.enricher.TableInProcess;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.router.Answers;
import io.millrace.transforms.router.Route;
import org.jspecify.annotations.Nullable;

/** What a table that is held in memory answers for the events of a route. */
public final class TableAnswers implements Answers {
    private static final long serialVersionUID = 1;

    private final TableInProcess<String, byte[]> table;
    private final OnMiss onMiss;
    private final byte @Nullable [] missing;

    private TableAnswers(TableInProcess<String, byte[]> table, OnMiss onMiss, byte @Nullable [] missing) {
        this.table = table;
        this.onMiss = onMiss;
        this.missing = missing;
    }

    /** A route's lookup in a table. */
    public static Route.Lookup lookup(String pipeline, RouteSpec route, EnrichSpec spec, TableSpec table) {
        String namespace = RouteMetrics.namespace(pipeline, route.name()) + "." + spec.into();
        String missing = spec.missing();
        return new Route.Lookup(
                spec.into(),
                spec.key(),
                new TableAnswers(
                        TableInProcess.of(namespace, table.source(), table.reloadEvery()),
                        spec.onMiss(),
                        missing == null ? null : missing.getBytes(UTF_8)));
    }

    @Override
    public void open() {
        table.open();
    }

    @Override
    public Answer of(String key) throws InterruptedException {
        Held<String, byte[]> held = table.held();
        byte[] value = held.table().get(key);
        long age = table.ageMillis(held);
        table.countAnswer();
        if (value != null) {
            return new Answer(Fate.GO_ON, value, age);
        }
        table.countMiss();
        return switch (onMiss) {
            case PASS, DEFAULT -> new Answer(Fate.GO_ON, missing, age);
            case DROP -> new Answer(Fate.DROP, null, age);
            case DEAD_LETTER -> new Answer(Fate.GIVE_UP, null, age);
        };
    }

    @Override
    public void report() {
        table.report();
    }

    @Override
    public void close() {
        table.close();
    }
}
