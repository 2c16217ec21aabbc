package io.millrace.transforms.joiner;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.join.JoinCase;
import io.millrace.testfixtures.join.JoinCase.Arrival;
import io.millrace.testfixtures.join.JoinCase.Step;
import io.millrace.testfixtures.join.JoinCase.Watermark;
import io.millrace.testfixtures.join.JoinCases;
import io.millrace.testfixtures.join.JoinOracle;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever comes, and in whatever order: what leaves is what it must be by definition, and nothing stays. */
class JoinKeyProperties {

    private static final int SMALL_PAGE = 40;

    @Provide
    Arbitrary<JoinCase> cases() {
        return JoinCases.ofAtMost(60);
    }

    @Provide
    Arbitrary<JoinCase> longCases() {
        return JoinCases.ofAtMost(600);
    }

    @Property(tries = 2_000)
    void whatLeavesIsWhatItMustBe(@ForAll("cases") JoinCase join) {
        Map<String, JoinKeyInMemory> keys = run(join, JoinKeyInMemory.rules(join), Page.FULL_BYTES);

        assertThat(results(keys), is(JoinOracle.results(join)));
        keys.values().forEach(key -> assertThat(key.isEmpty(), is(true)));
    }

    @Property(tries = 200)
    void soItIsWithManyElementsOnManyPages(@ForAll("longCases") JoinCase join) {
        Map<String, JoinKeyInMemory> keys = run(join, JoinKeyInMemory.rules(join), SMALL_PAGE);

        assertThat(results(keys), is(JoinOracle.results(join)));
        keys.values().forEach(key -> assertThat(key.isEmpty(), is(true)));
    }

    /** What left early stands, or is corrected to what it must be; and nothing leaves twice as it was. */
    @Property(tries = 1_000)
    void onMatchTheLastWordIsWhatItMustBe(@ForAll("cases") JoinCase any) {
        JoinCase join = any.withoutCreditsOnce();
        Map<String, JoinKeyInMemory> keys =
                run(join, JoinKeyInMemory.rules(join).emittingOnMatch(), SMALL_PAGE);

        assertThat(lastWords(keys), is(JoinOracle.results(join)));
        keys.values().forEach(key -> assertThat(key.isEmpty(), is(true)));
    }

    @Property(tries = 1_000)
    void whatLeavesIsNotBehindTheWatermark(@ForAll("cases") JoinCase any) {
        JoinCase join = any.withoutAllowedLateness(); // what is late and allowed is late behind the join too
        Map<String, JoinKeyInMemory> keys = run(join, JoinKeyInMemory.rules(join), SMALL_PAGE);

        keys.values().forEach(key -> assertThat(key.leftBehindWatermark(), is(List.of())));
    }

    private static Map<String, JoinKeyInMemory> run(JoinCase join, Rules<String, String> rules, int pageBytes) {
        Map<String, JoinKeyInMemory> keys = new TreeMap<>();
        ShardInMemory shard = new ShardInMemory();
        for (String key : List.of("a", "b")) {
            keys.put(key, new JoinKeyInMemory(key, rules, pageBytes, shard));
        }
        for (Step step : join.steps()) {
            if (step instanceof Arrival arrival) {
                keys.get(arrival.key()).take(arrival);
            } else if (step instanceof Watermark watermark) {
                shard.watermarkTo(watermark.time());
            }
        }
        shard.end();
        return keys;
    }

    private static List<String> results(Map<String, JoinKeyInMemory> keys) {
        return keys.values().stream()
                .map(JoinKeyInMemory::results)
                .flatMap(List::stream)
                .sorted()
                .toList();
    }

    private static List<String> lastWords(Map<String, JoinKeyInMemory> keys) {
        return keys.values().stream()
                .map(JoinKeyInMemory::lastWords)
                .flatMap(List::stream)
                .sorted()
                .toList();
    }
}
