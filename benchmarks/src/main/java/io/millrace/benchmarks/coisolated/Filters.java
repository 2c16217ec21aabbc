package io.millrace.benchmarks.coisolated;

import io.millrace.benchmarks.race.Workload;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Filters as the routes of a shared topic have them. Of ten, six ask whether one of three fields is a constant, three are conjunctions,
 * and one is something else: a range, a function, or a list. A filter lets a twentieth of the events through, on average.
 *
 * <p>The first filters of many are those of fewer, and the first one alone lets a twentieth through.
 */
final class Filters {
    private static final long SEED = 16;
    private static final List<String> COUNTRIES = List.of("US", "CA", "BR", "DE", "IN", "JP", "GB");
    private static final List<String> LANGUAGES =
            List.of("en-US", "fr-CA", "pt-BR", "de-DE", "hi-IN", "ja-JP", "en-GB");
    private static final List<String> DEVICES = List.of("tv", "phone", "tablet", "web", "console");
    private static final int TITLES = 500;
    private static final int TITLES_OF_A_LIST = 20;
    private static final int EVENTS_OF_A_SHARE = 2_000;

    private final SplittableRandom random = new SplittableRandom(SEED);

    private Filters() {}

    /** So many filters, always the same. */
    static List<String> of(int count) {
        Filters filters = new Filters();
        return IntStream.range(0, count).mapToObj(filters::filter).toList();
    }

    /** How many results an event has on average. */
    static double resultsPerEvent(List<String> filters) {
        Plan.Builder builder = Plan.builder();
        List<Handle<Filter>> handles =
                filters.stream().map(Filter::of).map(builder::add).toList();
        Evaluator evaluator = builder.build().evaluator();
        return Workload.events(EVENTS_OF_A_SHARE)
                .mapToLong(event -> {
                    evaluator.bind(event.value(), event.key(), Headers.empty(), Evaluator.NO_TIMESTAMP);
                    return handles.stream()
                            .filter(filter -> passes(evaluator, filter))
                            .count();
                })
                .average()
                .orElseThrow();
    }

    private static boolean passes(Evaluator evaluator, Handle<Filter> filter) {
        try {
            return evaluator.test(filter);
        } catch (EvaluationException e) {
            throw new IllegalStateException(e);
        }
    }

    private String filter(int number) {
        return switch (number % 10) {
            case 0, 3 -> equality("title_id", number == 0 ? title(2) : title(random.nextInt(TITLES)));
            case 1, 4 -> equality("country", one(COUNTRIES));
            case 2, 5 -> equality("client.app", "11." + random.nextInt(10) + "." + random.nextInt(10));
            case 6 -> equality("device", one(DEVICES)) + " && event.duration_s > 5400";
            case 7 ->
                equality("country", one(COUNTRIES))
                        + (random.nextBoolean()
                                ? " && " + equality("device", one(DEVICES))
                                : " && event.bitrate_kbps >= 12000");
            case 8 ->
                equality("client.language", one(LANGUAGES))
                        + " && event.duration_s > 60 && event.device in [\"tv\", \"console\"]";
            default -> another(number / 10 % 5);
        };
    }

    private String another(int kind) {
        return switch (kind) {
            case 0 -> "event.rebuffer_ratio > 0.%d".formatted(920 + random.nextInt(60));
            case 1 -> "event.title_id in [" + titles() + "]";
            case 2 -> "event.geo.city.startsWith(\"%s\")".formatted(one(List.of("S", "K", "M", "L")));
            case 3 -> String.format(Locale.ROOT, "event.geo.lat > %d.0 && !event.completed", 45 + random.nextInt(6));
            default -> "event.bitrate_kbps / 1000 == %d".formatted(1 + random.nextInt(14));
        };
    }

    private String titles() {
        return String.join(
                ", ",
                IntStream.range(0, TITLES_OF_A_LIST)
                        .mapToObj(any -> "\"" + title(random.nextInt(TITLES)) + "\"")
                        .toList());
    }

    private static String equality(String field, String constant) {
        return "event.%s == \"%s\"".formatted(field, constant);
    }

    private static String title(int rank) {
        return "t-%06d".formatted(rank);
    }

    private String one(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
