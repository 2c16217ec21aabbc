package io.millrace.testfixtures.showings;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Brings the events of a stream: out of order, some of them late, some of them twice. */
final class Delivery {

    private final ImpressionsAndPlays settings;
    private final Duration lag;
    private final SplittableRandom random;
    private final List<TitleEvent> arrived = new ArrayList<>();

    private Delivery(ImpressionsAndPlays settings, Duration lag, SplittableRandom random) {
        this.settings = settings;
        this.lag = lag;
        this.random = random;
    }

    /** The events in the order in which they arrive. */
    static List<TitleEvent> of(
            List<TitleEvent> events, ImpressionsAndPlays settings, Duration lag, SplittableRandom random) {
        Delivery delivery = new Delivery(settings, lag, random);
        events.forEach(delivery::bring);
        delivery.arrived.sort(Comparator.comparing(TitleEvent::arrival));
        return List.copyOf(delivery.arrived);
    }

    private void bring(TitleEvent event) {
        boolean late = random.nextDouble() < settings.lateShare;
        boolean twice = random.nextDouble() < settings.duplicateShare;
        Duration first = drawUpTo(settings.outOfOrder);
        Duration second = first.plus(drawUpTo(settings.outOfOrder.minus(first)));
        Instant soonest = event.eventTime().plus(lag).plus(late ? atLeastLate() : Duration.ZERO);
        arrived.add(event.arriving(soonest.plus(first), late, false));
        if (twice) {
            arrived.add(event.arriving(soonest.plus(second), late, true));
        }
    }

    private Duration atLeastLate() {
        return settings.outOfOrder.plus(settings.lateBy);
    }

    private Duration drawUpTo(Duration most) {
        return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
    }
}
