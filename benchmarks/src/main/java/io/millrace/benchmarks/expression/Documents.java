package io.millrace.benchmarks.expression;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Events with the fields of a {@link Shape} among others that nobody asks for, which fill them up to a size.
 *
 * <p>A producer has one order of fields for all its events and names them by a schema. In any order is what no producer does; it is
 * measured to see what the order is worth, and tests use it.
 */
public final class Documents {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WORDS = List.of(
            "session",
            "campaign",
            "referrer",
            "player",
            "buffer",
            "audio",
            "café",
            "subtitle",
            "network",
            "region",
            "source",
            "variant",
            "a",
            "of",
            "recommended",
            "row",
            "\"quoted\"",
            "profile",
            "kids",
            "language");

    private final Random random;
    private final Shape shape;
    private final boolean anyOrder;

    /** Documents of a seed, always the same. */
    public Documents(long seed, Shape shape, boolean anyOrder) {
        this.random = new Random(seed);
        this.shape = shape;
        this.anyOrder = anyOrder;
    }

    /** Documents without white space, of about a size. */
    public byte[][] make(int count, int bytes) {
        return IntStream.range(0, count).mapToObj(i -> json(event(bytes))).toArray(byte[][]::new);
    }

    /** An event with all fields; those of the filters let it pass more often than not. */
    Map<String, Object> event(int bytes) {
        Map<String, Object> fields = new LinkedHashMap<>();
        values().forEach((field, value) -> put(fields, List.of(shape.path(field).split("\\.")), value));
        List<Map.Entry<String, Object>> entries = new ArrayList<>(fields.entrySet());
        int size = json(fields).length;
        for (int i = 0; size < bytes - 16; i++) {
            Map.Entry<String, Object> other = other(i, bytes - size);
            size += json(Map.ofEntries(other)).length - 1;
            entries.add(other);
        }
        if (anyOrder) {
            Collections.shuffle(entries, random);
        } else {
            entries.sort(Map.Entry.comparingByKey());
        }
        Map<String, Object> event = new LinkedHashMap<>();
        entries.forEach(entry -> event.put(entry.getKey(), entry.getValue()));
        return event;
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("id", "p-" + random.nextInt(1_000_000));
        values.put("user", "u-" + random.nextInt(100_000));
        values.put("title", "t-" + random.nextInt(10_000));
        values.put("country", mostly("US", "CA", "DE"));
        values.put("device", mostly("tv", "tv", "phone"));
        values.put("os", mostly("tvos", "ios", "windows"));
        values.put("app", mostly("8.1.2", "8.0.1", "7.9.0"));
        values.put("duration", random.nextInt(200));
        values.put("position", random.nextInt(14_000));
        values.put("ts", 1_767_225_600_000L + random.nextInt(Integer.MAX_VALUE));
        values.put("bitrate", (200 + random.nextInt(900)) / 100.0);
        values.put("hd", random.nextInt(10) > 0);
        return values;
    }

    private String mostly(String one, String other, String rare) {
        int die = random.nextInt(20);
        return die < 12 ? one : die < 19 ? other : rare;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> into, List<String> path, Object value) {
        if (path.size() == 1) {
            into.put(path.get(0), value);
        } else {
            Object below = into.computeIfAbsent(path.get(0), name -> new LinkedHashMap<String, Object>());
            put((Map<String, Object>) below, path.subList(1, path.size()), value);
        }
    }

    private Map.Entry<String, Object> other(int position, int room) {
        String name = WORDS.get(anyOrder ? random.nextInt(5) : position % 5) + "_" + position;
        return Map.entry(name, shape == Shape.FLAT ? scalar(room) : room < 150 ? scalar(room) : container());
    }

    private Object container() {
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("name", scalar(60));
        container.put("id", scalar(60));
        container.put("labels", labels());
        container.put("items", IntStream.range(0, 5).mapToObj(i -> scalar(50)).toList());
        return container;
    }

    private Map<String, Object> labels() {
        Map<String, Object> labels = new LinkedHashMap<>();
        labels.put("row", scalar(50));
        labels.put("duration", scalar(50));
        return labels;
    }

    private Object scalar(int room) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(1_000);
            case 1 -> random.nextInt();
            case 2 -> random.nextInt(1_000_000) / 1000.0;
            case 3 -> random.nextBoolean();
            default -> text(room);
        };
    }

    private String text(int room) {
        String text = IntStream.rangeClosed(0, random.nextInt(10))
                .mapToObj(i -> WORDS.get(random.nextInt(WORDS.size())))
                .collect(Collectors.joining(" "));
        return text.substring(0, Math.max(0, Math.min(text.length(), room - 30)));
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event must be JSON", e);
        }
    }
}
