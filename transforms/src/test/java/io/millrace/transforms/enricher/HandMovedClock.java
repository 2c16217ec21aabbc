package io.millrace.transforms.enricher;

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it, in every copy that serialisation made of it within this JVM. */
final class HandMovedClock extends Clock implements Serializable {
    private static final long serialVersionUID = 1;
    private static final AtomicLong MILLIS = new AtomicLong();

    private HandMovedClock() {}

    static HandMovedClock at(Instant time) {
        MILLIS.set(time.toEpochMilli());
        return new HandMovedClock();
    }

    void move(Duration ahead) {
        MILLIS.addAndGet(ahead.toMillis());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(MILLIS.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
