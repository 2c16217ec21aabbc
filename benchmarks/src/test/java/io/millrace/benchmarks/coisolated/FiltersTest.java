package io.millrace.benchmarks.coisolated;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.Test;

public class FiltersTest {
    private static final Predicate<String> EQUALITY =
            Pattern.compile("event\\.[\\w.]+ == \"[^\"]+\"").asMatchPredicate();
    private static final Predicate<String> CONJUNCTION = filter -> filter.contains(" == \"") && filter.contains(" && ");

    @Test
    public void mixesEqualitiesConjunctionsAndOthers() {
        List<String> filters = Filters.of(200);

        assertThat(filters.stream().filter(EQUALITY).toList(), hasSize(120));
        assertThat(filters.stream().filter(CONJUNCTION).toList(), hasSize(60));
        assertThat(
                filters.stream()
                        .filter(EQUALITY)
                        .map(filter -> filter.split(" ")[0])
                        .distinct()
                        .toList(),
                hasSize(3));
    }

    @Test
    public void letsATwentiethThroughOnAverage() {
        for (int count : List.of(1, 10, 50, 200, 1_000)) {
            assertThat(count + " filters", Filters.resultsPerEvent(Filters.of(count)) / count, closeTo(0.05, 0.005));
        }
    }

    @Test
    public void beginsWithTheFiltersOfFewer() {
        assertThat(Filters.of(1_000).subList(0, 200), is(Filters.of(200)));
    }
}
