package io.millrace.transforms.event;

import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.joda.time.Duration;

/** For steps that reckon with event time themselves, whatever windows and triggers their input has. */
public final class GlobalWindowing {
    private GlobalWindowing() {}

    /** Puts elements into the global window, each with its time. */
    public static <T> Window<T> of() {
        return Window.<T>into(new GlobalWindows())
                .triggering(DefaultTrigger.of())
                .withAllowedLateness(Duration.ZERO)
                .discardingFiredPanes();
    }
}
