package io.millrace.testfixtures.historyserver;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.history.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Test;

public class RuleTest {
    @Test
    public void aShareIsSpreadEvenlyOverTheCallsWithItsKeys() {
        Rule rule = new Rule(Behaviour.status(503).forKeys("p").forShare(0.25));

        assertThat(taken(rule, "p1", "q", "p2", "p3", "p4", "q", "p5", "p6", "p7", "p8"), is(List.of("p4", "p8")));
    }

    @Test
    public void theFirstAreTheFirstOfItsOwn() {
        Rule rule = new Rule(Behaviour.status(503).forKeys("p").forShare(0.5).forFirst(2));

        assertThat(taken(rule, "p1", "q", "p2", "p3", "p4", "p5", "p6"), is(List.of("p2", "p4")));
    }

    @Test
    public void aCallWithSeveralKeysIsOneThatAnyOfThemMakesIt() {
        Rule rule = new Rule(Behaviour.hang().forKeys("stuck"));

        assertThat(rule.takes(List.of("p1", "stuck1"), 0), is(true));
        assertThat(rule.takes(List.of("p1", "p2"), 0), is(false));
        assertThat(rule.takes(List.of(), 0), is(false));
    }

    @Test
    public void aCallWithoutKeysIsOneOfAllCalls() {
        assertThat(new Rule(Behaviour.hang()).takes(List.of(), 0), is(true));
    }

    @Test
    public void aThrottleTakesTheCallsAboveTheRate() {
        Rule rule = new Rule(Behaviour.throttle(2).forKeys("p"));

        assertThat(taken(rule, "p1", "q", "q", "q", "p2", "p3", "q", "p4"), is(List.of("p3", "p4")));
    }

    @Test
    public void latenciesAreSpreadBetweenTheTwo() {
        Rule rule = new Rule(Behaviour.answer().after(Duration.ofNanos(100), Duration.ofNanos(200)));

        List<Long> latencies = Stream.generate(rule::latencyNanos).limit(10_000).toList();

        assertThat(latencies, everyItem(allOf(greaterThanOrEqualTo(100L), lessThanOrEqualTo(200L))));
        assertThat(latencies, hasItem(100L));
        assertThat(latencies, hasItem(200L));
        assertThat(
                latencies.stream().filter(latency -> latency < 150).count(),
                allOf(greaterThanOrEqualTo(4_700L), lessThan(5_200L)));
    }

    @Test
    public void theFirstRuleThatTakesACallDecides() throws Exception {
        Script script = Script.parse(new ObjectMapper()
                .writeValueAsBytes(List.of(
                        Behaviour.status(500).forKeys("p"),
                        Behaviour.status(503).forFirst(1))));

        assertThat(
                IntStream.range(0, 4)
                        .mapToObj(i -> script.ruleFor(List.of(i % 2 == 0 ? "p" : "q"), 0)
                                .deed())
                        .map(deed -> deed.act() + " " + deed.status())
                        .toList(),
                is(List.of("SAY 500", "SAY 503", "SAY 500", "ANSWER 0")));
    }

    private static List<String> taken(Rule rule, String... keys) {
        return Stream.of(keys).filter(key -> rule.takes(List.of(key), 0)).toList();
    }
}
