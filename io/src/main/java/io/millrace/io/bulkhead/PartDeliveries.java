package io.millrace.io.bulkhead;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The parts of steps that are being delivered in this process. A part is delivered by one place alone, which every instance of the step
 * finds here: a runner may give the same part's ticks to several.
 */
final class PartDeliveries {
    private static final Map<Part, Shared> PARTS = new HashMap<>();

    private record Part(UUID step, int number) {}

    private static final class Shared {
        private final PartDelivery delivery;
        private int users;

        Shared(PartDelivery delivery) {
            this.delivery = delivery;
        }
    }

    private PartDeliveries() {}

    /** The delivery of a part, for a user that is new to it or not. */
    static synchronized PartDelivery of(UUID step, int part, boolean isNew, Supplier<PartDelivery> begin) {
        Shared shared = PARTS.computeIfAbsent(new Part(step, part), begun -> new Shared(begin.get()));
        shared.users += isNew ? 1 : 0;
        return shared.delivery;
    }

    /** A user leaves; the last one ends the delivery. */
    static void leave(UUID step, int part) throws IOException {
        Optional<PartDelivery> ended = left(new Part(step, part));
        if (ended.isPresent()) {
            ended.get().close(); // which takes its time, and others need not wait for it
        }
    }

    private static synchronized Optional<PartDelivery> left(Part part) {
        Shared shared = requireNonNull(PARTS.get(part));
        shared.users--;
        if (shared.users > 0) {
            return Optional.empty();
        }
        PARTS.remove(part);
        return Optional.of(shared.delivery);
    }
}
