package io.millrace.io.sink;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where a sink and a restatement differ: counted by kind, with samples of each. For one thread. */
public final class Differences {
    private static final int LONGEST_SAMPLE = 300;

    private final int samplesAtMost;
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, List<String>> samples = new EnumMap<>(Kind.class);

    /** What one of them has of a result. */
    public enum Kind {
        /** The sink does not have it. */
        ADDED,
        /** The sink has another one under its identity. */
        CHANGED,
        /** The sink alone has it. */
        REMOVED,
        /** The sink alone has it, and it stays: it cannot be told from others, or the sink takes nothing away. */
        KEPT;

        /** As people read it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** None yet; so many samples of each kind are kept. */
    public Differences(int samplesAtMost) {
        this.samplesAtMost = samplesAtMost;
    }

    /** Whether one more sample of a kind would be kept. */
    public boolean takesSample(Kind kind) {
        return samples(kind).size() < samplesAtMost;
    }

    /** Counts one, of which a person is told. */
    public void add(Kind kind, String sample) {
        add(kind, 1);
        addSample(kind, sample);
    }

    /** Counts some. */
    public void add(Kind kind, long count) {
        counts.merge(kind, count, Long::sum);
    }

    /** Tells a person of one that is counted. */
    public void addSample(Kind kind, String sample) {
        if (takesSample(kind)) {
            String shown = sample.length() <= LONGEST_SAMPLE ? sample : sample.substring(0, LONGEST_SAMPLE) + "...";
            samples.computeIfAbsent(kind, none -> new ArrayList<>()).add(shown);
        }
    }

    /** How many there are. */
    public long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** A few of them. */
    public List<String> samples(Kind kind) {
        return List.copyOf(samples.getOrDefault(kind, List.of()));
    }
}
