package io.millrace.testfixtures.join;

import io.millrace.testfixtures.join.JoinCase.Arrival;
import io.millrace.testfixtures.join.JoinCase.Credit;
import io.millrace.testfixtures.join.JoinCase.Step;
import io.millrace.testfixtures.join.JoinCase.Watermark;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Random cases: elements out of order, late, at one time, in bursts and twice; sides that are idle; a watermark that lags and jumps.
 *
 * <p>A case is made of moves, each from where the one before has led to, so that a failing one can be shrunk.
 */
public final class JoinCases {
    private static final int ONE_TIME = 20;

    private JoinCases() {}

    /** Cases of so many moves at most. */
    public static Arbitrary<JoinCase> ofAtMost(int moves) {
        Arbitrary<Long> span = Arbitraries.of(0L, 1L, 30L, 100L, 400L);
        Arbitrary<Long> granule = Arbitraries.of(0L, 0L, 7L, 50L);
        return Combinators.combine(
                        span,
                        Arbitraries.of(0L, 0L, 0L, 1L, 40L),
                        Arbitraries.of(0L, 0L, 25L),
                        granule,
                        granule,
                        Arbitraries.of(Credit.class),
                        Arbitraries.of(true, false),
                        moves(moves))
                .as((leftFirst, rightFirst, lateness, left, right, credit, once, steps) -> new JoinCase(
                        leftFirst,
                        rightFirst,
                        lateness,
                        credit == Credit.ALL ? Math.min(left, leftFirst) : 0,
                        right,
                        credit,
                        once,
                        steps));
    }

    private static Arbitrary<List<Step>> moves(int atMost) {
        Arbitrary<Move> arrival = Combinators.combine(
                        Arbitraries.of(true, true, false),
                        Arbitraries.of("a", "a", "b"),
                        Arbitraries.longs().between(-60, 60))
                .as(JoinCases::arrive);
        Arbitrary<Move> again = Arbitraries.integers().between(1, 10).map(JoinCases::again);
        Arbitrary<Move> watermark = Arbitraries.longs().between(0, 80).map(JoinCases::watermarkBehindBy);
        Arbitrary<Move> on = Arbitraries.longs().between(1, 150).map(JoinCases::goOnBy);
        return Arbitraries.frequencyOf(
                        Tuple.of(10, arrival), Tuple.of(1, again), Tuple.of(3, watermark), Tuple.of(3, on))
                .list()
                .ofMaxSize(atMost)
                .map(JoinCases::steps);
    }

    private static List<Step> steps(List<Move> moves) {
        Story story = new Story();
        moves.forEach(move -> move.go(story));
        return List.copyOf(story.steps);
    }

    private interface Move {
        void go(Story story);
    }

    private static final class Story {
        private final List<Step> steps = new ArrayList<>();
        private final List<Arrival> arrivals = new ArrayList<>();
        private long now = 1_000;
        private long watermark;

        void arrive(Arrival arrival) {
            steps.add(arrival);
            arrivals.add(arrival);
        }
    }

    private static Move arrive(boolean isLeft, String key, long ahead) {
        return named(
                "%s comes %d from now".formatted(isLeft ? "left" : "right", ahead),
                story -> story.arrive(new Arrival(
                        isLeft,
                        key,
                        Math.abs(ahead) < ONE_TIME ? story.now : story.now + ahead,
                        "e%03d".formatted(story.arrivals.size()))));
    }

    private static Move again(int back) {
        return named("the one %d before again".formatted(back), story -> {
            if (story.arrivals.size() >= back) {
                story.arrive(story.arrivals.get(story.arrivals.size() - back));
            }
        });
    }

    private static Move watermarkBehindBy(long lag) {
        return named("watermark %d behind".formatted(lag), story -> {
            if (story.now - lag > story.watermark) {
                story.watermark = story.now - lag;
                story.steps.add(new Watermark(story.watermark));
            }
        });
    }

    private static Move goOnBy(long time) {
        return named("on by %d".formatted(time), story -> story.now += time);
    }

    private static Move named(String name, Move move) {
        return new Move() {
            @Override
            public void go(Story story) {
                move.go(story);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
