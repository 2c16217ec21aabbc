package io.millrace.pipelines.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSortedMap;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.router.RouteStarts;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What routes have had already of what their job reads, since jobs of their own had come further than others.
 *
 * <p>It is part of the pipeline, so it holds again after every restart. Behind the last offset of a partition it costs a lookup.
 */
public final class HandedOver implements RouteStarts {
    /** Every route sees all that is read. */
    public static final HandedOver NOTHING = new HandedOver(Map.of());

    private static final long serialVersionUID = 1;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Map<String, Map<Integer, Long>>>> FORM = new TypeReference<>() {};

    private final ImmutableSortedMap<String, TopicOffsets> routes;
    private transient @Nullable Map<String, Map<Integer, Starts>> byStream;

    private HandedOver(Map<String, TopicOffsets> routes) {
        this.routes = ImmutableSortedMap.copyOf(routes);
    }

    /** What routes have had of a read, by where each has come to. */
    public static HandedOver of(Map<String, TopicOffsets> reached, TopicOffsets begin) {
        Map<String, TopicOffsets> had = new TreeMap<>(reached);
        had.replaceAll((route, offsets) -> offsets.behind(begin));
        had.values().removeIf(TopicOffsets.NONE::equals);
        return new HandedOver(had);
    }

    /** Reads the JSON that {@link #json()} gives. */
    public static HandedOver parse(String json) {
        try {
            Map<String, TopicOffsets> routes = new TreeMap<>();
            JSON.readValue(json, FORM).forEach((route, offsets) -> routes.put(route, new TopicOffsets(offsets)));
            return new HandedOver(routes);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("offsets must be by route, topic and partition, but were " + json, e);
        }
    }

    /** The offset at which each route begins, by route, topic and partition. */
    public String json() {
        Map<String, Map<String, Map<Integer, Long>>> plain = new TreeMap<>();
        routes.forEach((route, offsets) -> plain.put(route, offsets.offsets()));
        try {
            return JSON.writeValueAsString(plain);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same of some routes alone. */
    public HandedOver of(Collection<String> names) {
        Map<String, TopicOffsets> some = new TreeMap<>(routes);
        some.keySet().retainAll(names);
        return new HandedOver(some);
    }

    /** Where a route begins. */
    public TopicOffsets of(String route) {
        return routes.getOrDefault(route, TopicOffsets.NONE);
    }

    boolean isNothing() {
        return routes.isEmpty();
    }

    @Override
    public Set<String> behind(Origin origin) {
        Map<String, Map<Integer, Starts>> streams = byStream;
        if (streams == null) {
            streams = new HashMap<>();
            byStream = streams;
        }
        Starts starts = streams.computeIfAbsent(origin.stream(), this::starts).get(origin.partition());
        return starts == null || origin.offset() >= starts.last ? Set.of() : starts.behind(origin.offset());
    }

    private Map<Integer, Starts> starts(String stream) {
        Map<Integer, Starts> starts = new HashMap<>();
        String topic = KafkaEvents.topicOf(stream);
        routes.forEach((route, offsets) -> offsets.offsets()
                .getOrDefault(topic, Map.of())
                .forEach((partition, offset) ->
                        starts.computeIfAbsent(partition, none -> new Starts()).add(route, offset)));
        return starts;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HandedOver that && routes.equals(that.routes);
    }

    @Override
    public int hashCode() {
        return routes.hashCode();
    }

    @Override
    public String toString() {
        return json();
    }

    /** Where routes begin in one partition. */
    private static final class Starts {
        private final Map<String, Long> offsets = new HashMap<>();
        private long last;

        void add(String route, long offset) {
            offsets.put(route, offset);
            last = Math.max(last, offset);
        }

        Set<String> behind(long offset) {
            Set<String> behind = new HashSet<>();
            offsets.forEach((route, start) -> {
                if (offset < start) {
                    behind.add(route);
                }
            });
            return behind;
        }
    }
}
