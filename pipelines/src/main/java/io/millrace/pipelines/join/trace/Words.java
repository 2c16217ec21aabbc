package io.millrace.pipelines.join.trace;

import com.google.common.base.CaseFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;

/** How times, spans and numbers are written; all of them in epoch milliseconds or milliseconds. */
final class Words {
    private static final long START = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
    private static final long END = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

    private Words() {}

    /** A span as specs have it, rounded up to whole seconds, so that it is enough. */
    static String span(long millis) {
        return Duration.ofSeconds(Math.floorDiv(millis + 999, 1000)).toString();
    }

    static String time(long millis) {
        if (isStart(millis)) {
            return "start";
        }
        return isEnd(millis) ? "end" : Instant.ofEpochMilli(millis).toString();
    }

    /** Whether a watermark has not begun. */
    static boolean isStart(long watermark) {
        return watermark <= START;
    }

    /** Whether a watermark has come to the end of everything. */
    static boolean isEnd(long watermark) {
        return watermark >= END;
    }

    /** Whether a watermark stands at a time. */
    static boolean isTime(long watermark) {
        return !isStart(watermark) && !isEnd(watermark);
    }

    /** A constant in lower camel case, as specs have it. */
    static String word(Enum<?> constant) {
        return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.LOWER_CAMEL, constant.name());
    }

    static String count(long number, String one, String several) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : several);
    }
}
