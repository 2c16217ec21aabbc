package io.millrace.io.sink;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The sinks on the class path, by name. */
public final class Sinks {
    private Sinks() {}

    /**
     * Every sink found, by its name, in the order of names.
     *
     * @throws IllegalStateException if two sinks have the same name
     */
    public static Map<String, SinkProvider<?>> byName() {
        Map<String, SinkProvider<?>> sinks = new TreeMap<>();
        for (SinkProvider<?> sink : ServiceLoader.load(SinkProvider.class)) {
            SinkProvider<?> other = sinks.put(sink.name(), sink);
            if (other != null) {
                throw new IllegalStateException("sink " + sink.name() + " must be declared once, but is by "
                        + other.getClass().getName() + " and by "
                        + sink.getClass().getName());
            }
        }
        return sinks;
    }
}
