package io.millrace.transforms.joiner;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.millrace.testfixtures.state.MapInMemory;
import io.millrace.testfixtures.state.TimerInMemory;
import io.millrace.testfixtures.state.ValueInMemory;
import io.millrace.transforms.shard.KeyBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is added, and however the watermark moves: each key is given out with the first watermark that reaches its time. */
class AgendaProperties {
    private static final long DAY = 86_400_000L;

    /** All slots of all levels, and one of each that has begun. */
    private static final int MOST_SLOTS = 6 * 65;

    /** A step: keys to be looked through so long from now, and by how much the watermark moves then. */
    private record Step(List<Long> ahead, long move) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> ahead = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 2_000),
                Arbitraries.longs().between(1, 3_600_000),
                Arbitraries.longs().between(1, 40 * DAY));
        Arbitrary<Long> move = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 1_000),
                Arbitraries.longs().between(1, 600_000),
                Arbitraries.longs().between(1, 10 * DAY));
        return Combinators.combine(ahead.list().ofMaxSize(200), move)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    @Property(tries = 300)
    void eachKeyIsGivenOutInItsTime(@ForAll("steps") List<Step> steps) {
        InMemory shard = new InMemory();
        int added = 0;
        for (Step step : steps) {
            List<Due> dues = new ArrayList<>();
            for (long ahead : step.ahead()) {
                dues.add(due(shard.watermark + ahead, added++));
            }
            shard.add(dues);
            shard.watermarkTo(shard.watermark + step.move());

            assertThat(shard.slots(), lessThanOrEqualTo(MOST_SLOTS));
            assertThat(shard.timer.at(), is(shard.nextOfThoseAdded()));
            assertThat(shard.timer.holdsAt(), is(shard.holdOfThoseAdded()));
        }
        shard.watermarkTo(Bounds.LATEST);
        assertThat(shard.waiting.isEmpty(), is(true));
        assertThat(shard.calendar.read() == null && shard.dues.size() == 0, is(true));
    }

    private static Due due(long at, int number) {
        long holds = number % 3 == 0 ? at - 100 : Bounds.NEVER;
        return new Due(at, holds, new KeyBytes(("k" + number).getBytes(StandardCharsets.UTF_8)));
    }

    private static final class InMemory {
        private final ValueInMemory<Calendar> calendar = new ValueInMemory<>();
        private final MapInMemory<SlotPage, Dues> dues = new MapInMemory<>();
        private final TimerInMemory timer = new TimerInMemory();
        private final List<Due> waiting = new ArrayList<>();
        private long watermark = 1_700_000_000_000L;

        void add(List<Due> more) {
            Agenda agenda = agenda();
            more.forEach(agenda::add);
            agenda.close();
            waiting.addAll(more);
        }

        private Agenda agenda() {
            return new Agenda(calendar, dues, timer, watermark);
        }

        void watermarkTo(long time) {
            watermark = time;
            Set<String> expected = new TreeSet<>(waiting.stream()
                    .filter(due -> due.at() <= time)
                    .map(InMemory::name)
                    .toList());
            Set<String> given = new TreeSet<>();
            while (timer.firesBy(time)) {
                Agenda agenda = agenda();
                given.addAll(agenda.due().stream().map(InMemory::name).collect(Collectors.toSet()));
                agenda.close();
            }
            assertThat(given, is(expected));
            waiting.removeIf(due -> due.at() <= time);
        }

        private static String name(Due due) {
            return name(due.key());
        }

        private static String name(KeyBytes key) {
            return new String(key.bytes(), StandardCharsets.UTF_8);
        }

        int slots() {
            return calendar.read() == null ? 0 : calendar.read().slots().size();
        }

        long nextOfThoseAdded() {
            return waiting.stream().mapToLong(Due::at).min().orElse(Long.MAX_VALUE);
        }

        /** The timer holds the watermark where it fires at the latest. */
        long holdOfThoseAdded() {
            return waiting.stream()
                    .mapToLong(due -> Math.min(due.at(), due.holds()))
                    .min()
                    .orElse(Long.MAX_VALUE);
        }
    }
}
