package io.millrace.pipelines.router;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.jspecify.annotations.Nullable;

/** What an audit counted of a route, and a few samples of each trouble: always the same ones, the first in their order. */
@DefaultCoder(SerializableCoder.class)
public final class AuditFigures implements Serializable {
    /** How many samples of each trouble are kept. */
    static final int SAMPLES = 5;

    private static final long serialVersionUID = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final long[] counts = new long[AuditFigure.values().length];
    private final Map<AuditFigure, TreeSet<String>> samples = new EnumMap<>(AuditFigure.class);

    /** Counts some more. Only whoever made the figures does, before anybody else sees them. */
    void add(AuditFigure figure, long count) {
        counts[figure.ordinal()] += count;
    }

    /** Counts some more, one of which a person is told. */
    void add(AuditFigure figure, long count, String sample) {
        if (count > 0) {
            add(figure, count);
            addSample(figure, sample);
        }
    }

    private void addSample(AuditFigure figure, String sample) {
        TreeSet<String> kept = samples.computeIfAbsent(figure, none -> new TreeSet<>());
        kept.add(sample);
        if (kept.size() > SAMPLES) {
            kept.pollLast();
        }
    }

    /** The sum of figures. */
    static AuditFigures sum(Iterable<AuditFigures> parts) {
        AuditFigures sum = new AuditFigures();
        for (AuditFigures part : parts) {
            for (AuditFigure figure : AuditFigure.values()) {
                sum.add(figure, part.count(figure));
                part.samples(figure).forEach(sample -> sum.addSample(figure, sample));
            }
        }
        return sum;
    }

    /** How many there are. */
    public long count(AuditFigure figure) {
        return counts[figure.ordinal()];
    }

    /** A few of them. */
    public List<String> samples(AuditFigure figure) {
        TreeSet<String> kept = samples.get(figure);
        return kept == null ? List.of() : List.copyOf(kept);
    }

    /** Whether there is no trouble. */
    public boolean isClean() {
        for (AuditFigure figure : AuditFigure.values()) {
            if (figure.isTrouble() && count(figure) > 0) {
                return false;
            }
        }
        return true;
    }

    /** As a JSON object: a number for each figure, and {@code samples}. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        for (AuditFigure figure : AuditFigure.values()) {
            json.put(figure.text(), count(figure));
        }
        ObjectNode sampled = json.putObject("samples");
        samples.forEach((figure, some) -> some.forEach(sampled.withArray(figure.text())::add));
        return json;
    }

    /** Reads what {@link #json()} gives. */
    static AuditFigures parse(byte[] text) throws IOException {
        JsonNode json = JSON.readTree(text);
        AuditFigures figures = new AuditFigures();
        for (AuditFigure figure : AuditFigure.values()) {
            figures.add(figure, json.path(figure.text()).asLong());
            json.path("samples").path(figure.text()).forEach(sample -> figures.addSample(figure, sample.asText()));
        }
        return figures;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AuditFigures that && json().equals(that.json());
    }

    @Override
    public int hashCode() {
        return json().hashCode();
    }

    @Override
    public String toString() {
        return json().toString();
    }
}
