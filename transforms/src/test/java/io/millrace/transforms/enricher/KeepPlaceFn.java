package io.millrace.transforms.enricher;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.joda.time.Instant;

/** Keeps where elements were, by a name. */
final class KeepPlaceFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1;
    private static final Map<String, Queue<String>> PLACES = new ConcurrentHashMap<>();

    private final String name;

    KeepPlaceFn(String name) {
        this.name = name;
        PLACES.put(name, new ConcurrentLinkedQueue<>());
    }

    static List<String> places(String name) {
        return PLACES.get(name).stream().sorted().toList();
    }

    @ProcessElement
    public void process(@Element T element, @Timestamp Instant time, BoundedWindow window, PaneInfo pane) {
        PLACES.get(name).add(element + " at " + time + " in " + window + " of " + pane);
    }
}
