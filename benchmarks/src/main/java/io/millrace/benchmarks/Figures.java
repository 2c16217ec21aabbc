package io.millrace.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Named numbers in their order; as text one a line, {@code <figure> = <value>}. */
public final class Figures {
    private final Map<String, BigDecimal> values = new LinkedHashMap<>();

    /** Adds a ratio, to two decimals. */
    public void ratio(String name, double value) {
        values.put(name, BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP));
    }

    /** Adds a whole number. */
    public void whole(String name, double value) {
        values.put(name, BigDecimal.valueOf(Math.round(value)));
    }

    /** The figures as one flat JSON object. */
    String json() {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(values)
                    + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(figure -> figure.getKey() + " = " + figure.getValue() + System.lineSeparator())
                .collect(Collectors.joining());
    }
}
