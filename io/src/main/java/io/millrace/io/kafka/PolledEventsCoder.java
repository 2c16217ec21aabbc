package io.millrace.io.kafka;

import io.millrace.io.kafka.PolledEvents.Records;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Encodes {@link PolledEvents}, for runners that copy what they pass from step to step. Nothing keeps what it writes. */
final class PolledEventsCoder extends AtomicCoder<PolledEvents> {
    private static final long serialVersionUID = 1;
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    @Override
    public void encode(PolledEvents polled, OutputStream out) throws IOException {
        VarInt.encode(polled.size(), out);
        for (int position = 0; position < polled.size(); position++) {
            EventCoder.of().encode(polled.event(position), out);
            VarInt.encode(polled.time(position), out);
            encode(polled.problem(position), out);
        }
        encode(polled.records(), out);
    }

    @Override
    public PolledEvents decode(InputStream in) throws IOException {
        int size = VarInt.decodeInt(in);
        PolledEvents.Builder polled = PolledEvents.builder(size);
        for (int position = 0; position < size; position++) {
            Event event = EventCoder.of().decode(in);
            long time = VarInt.decodeLong(in);
            polled.add(event, time, decodeProblem(in));
        }
        return decodeRecords(polled.build(), in);
    }

    private static void encode(@Nullable Records records, OutputStream out) throws IOException {
        out.write(records == null ? 0 : 1);
        if (records != null) {
            VarInt.encode(records.from(), out);
            for (long time : records.times()) {
                VarInt.encode(time, out);
            }
        }
    }

    private static PolledEvents decodeRecords(PolledEvents polled, InputStream in) throws IOException {
        if (in.read() == 0) {
            return polled;
        }
        long from = VarInt.decodeLong(in);
        long[] times = new long[polled.size()];
        for (int position = 0; position < times.length; position++) {
            times[position] = VarInt.decodeLong(in);
        }
        return polled.with(new Records(from, times));
    }

    private static void encode(@Nullable TimeProblem problem, OutputStream out) throws IOException {
        if (problem == null) {
            TEXT.encode("", out);
        } else {
            TEXT.encode(problem.reason().text(), out);
            VarInt.encode(problem.eventTime(), out);
            TEXT.encode(problem.message(), out);
        }
    }

    private static @Nullable TimeProblem decodeProblem(InputStream in) throws IOException {
        String reason = TEXT.decode(in);
        return reason.isEmpty() ? null : new TimeProblem(Reason.parse(reason), VarInt.decodeLong(in), TEXT.decode(in));
    }
}
