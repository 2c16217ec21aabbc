package io.millrace.transforms.event;

import static com.google.common.base.Preconditions.checkNotNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The headers of an event, in their order: a name may repeat and a value may be null, as in a Kafka record.
 *
 * <p>Immutable. Value arrays are shared, not copied: neither the one who builds headers nor the one who reads them may change
 * an array afterwards.
 */
public final class Headers {
    private static final Headers EMPTY = new Headers(new String[0], new byte[0][]);

    private final String[] names;
    private final byte[] @Nullable [] values;

    private Headers(String[] names, byte[] @Nullable [] values) {
        this.names = names;
        this.values = values;
    }

    /** No headers. */
    public static Headers empty() {
        return EMPTY;
    }

    /** Starts a list of headers. */
    public static Builder builder() {
        return new Builder();
    }

    /** The number of headers, repeated names counted each time. */
    public int size() {
        return names.length;
    }

    /** Whether there is no header. */
    public boolean isEmpty() {
        return names.length == 0;
    }

    /** The name of the header at a position from 0 to {@code size() - 1}. */
    public String name(int position) {
        return names[position];
    }

    /** The value of the header at a position from 0 to {@code size() - 1}. */
    public byte @Nullable [] value(int position) {
        return values[position];
    }

    /** The value of the last header of a name; null where that value is null or there is no such header. */
    public byte @Nullable [] last(String name) {
        for (int position = names.length - 1; position >= 0; position--) {
            if (names[position].equals(name)) {
                return values[position];
            }
        }
        return null;
    }

    /** The same headers, and behind them one of this name in place of those that have it. */
    public Headers with(String name, byte @Nullable [] value) {
        Headers others = without(name);
        String[] longerNames = Arrays.copyOf(others.names, others.names.length + 1);
        byte[][] longerValues = Arrays.copyOf(others.values, others.values.length + 1);
        longerNames[others.names.length] = name;
        longerValues[others.values.length] = value;
        return new Headers(longerNames, longerValues);
    }

    /** The same headers, without those of this name. */
    public Headers without(String name) {
        int others = 0;
        for (String one : names) {
            others += one.equals(name) ? 0 : 1;
        }
        if (others == names.length) {
            return this;
        }
        Builder builder = builder();
        for (int position = 0; position < names.length; position++) {
            if (!names[position].equals(name)) {
                builder.add(names[position], values[position]);
            }
        }
        return builder.build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that
                && Arrays.equals(names, that.names)
                && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        return IntStream.range(0, names.length)
                .mapToObj(position -> names[position] + "=" + text(values[position]))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String text(byte @Nullable [] value) {
        return value == null ? "null" : new String(value, StandardCharsets.UTF_8);
    }

    /** Collects headers in their order. */
    public static final class Builder {
        private final List<String> names = new ArrayList<>();
        private final List<byte @Nullable []> values = new ArrayList<>();

        private Builder() {}

        /** Appends a header. */
        public Builder add(String name, byte @Nullable [] value) {
            names.add(checkNotNull(name));
            values.add(value);
            return this;
        }

        /** Appends a header whose value is a text in UTF-8. */
        public Builder add(String name, String value) {
            return add(name, value.getBytes(StandardCharsets.UTF_8));
        }

        /** The headers added so far. */
        public Headers build() {
            return names.isEmpty() ? EMPTY : new Headers(names.toArray(String[]::new), values.toArray(byte[][]::new));
        }

        @Override
        public String toString() {
            return Objects.toString(names);
        }
    }
}
