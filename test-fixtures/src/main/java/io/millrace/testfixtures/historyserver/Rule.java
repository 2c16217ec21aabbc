package io.millrace.testfixtures.historyserver;

import io.millrace.testfixtures.history.Behaviour;
import io.millrace.testfixtures.history.Behaviour.Choice;
import io.millrace.testfixtures.history.Behaviour.Deed;
import io.millrace.testfixtures.history.Behaviour.Latency;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A behaviour at work, with what it has to remember of the calls so far. */
final class Rule {
    private final Deed deed;
    private final Latency latency;
    private final Choice choice;
    private final byte[] said;
    private final ByteBuf padding;
    private final @Nullable Rate rate;
    private final SplittableRandom random = new SplittableRandom(1);
    private long candidates;
    private long taken;

    Rule(Behaviour behaviour) {
        deed = behaviour.deed();
        latency = behaviour.latency();
        choice = behaviour.choice();
        said = Base64.getDecoder().decode(deed.body());
        padding = padding(deed.bytes());
        rate = choice.abovePerSecond() > 0 ? new Rate(choice.abovePerSecond()) : null;
    }

    private static ByteBuf padding(int bytes) {
        byte[] text = new byte[bytes];
        Arrays.fill(text, (byte) 'x');
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes).put(text).flip();
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(direct));
    }

    Deed deed() {
        return deed;
    }

    /** What it says, whatever is asked. */
    byte[] said() {
        return said;
    }

    /** A text as long as an answer is to be at least. */
    ByteBuf padding() {
        return padding;
    }

    /** Whether a call is one of its own; asked once for each call that no rule before has taken. */
    boolean takes(List<String> keys, long nanos) {
        boolean candidate = (choice.takesAllKeys() || keys.stream().anyMatch(choice::takes)) && isAboveRate(nanos);
        boolean takes = candidate && isInShare() && taken < choice.first();
        taken += takes ? 1 : 0;
        return takes;
    }

    private boolean isAboveRate(long nanos) {
        return rate == null || rate.isExceeded(nanos);
    }

    private boolean isInShare() {
        double before = Math.floor(candidates * choice.share());
        candidates++;
        return Math.floor(candidates * choice.share()) > before;
    }

    long latencyNanos() {
        return latency.leastNanos() == latency.mostNanos()
                ? latency.leastNanos()
                : random.nextLong(latency.leastNanos(), latency.mostNanos() + 1);
    }
}
