package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.io.NumberOutput;
import io.millrace.transforms.event.Headers;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Answers the expressions of a {@link Plan} for one event after another. The first expression that looks into the document
 * has it scanned to its end, the others share what was found; a document into which none looks is not touched.
 *
 * <p><i>State</i>: the event it is bound to; one thread at a time. It keeps a reference to the bound arrays until the next
 * event.
 *
 * <p><i>Fails</i>: with {@link EvaluationException}, for this one expression and event; others may still have a result.
 */
public final class Evaluator {
    /** The timestamp of an event that has none. */
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;

    private final Plan plan;
    private final Frame frame;
    private final Scanner scanner;
    private final JsonBytes json = new JsonBytes();
    private final Rfc3339 time = new Rfc3339();
    private final BitSet undecided = new BitSet();
    private byte @Nullable [] bound;
    private byte @Nullable [] document;
    private boolean scanned;
    private @Nullable String problem;

    Evaluator(Plan plan, Slots slots, int locals, int shared) {
        this.plan = plan;
        this.frame = new Frame(slots, locals, shared);
        this.scanner = new Scanner(slots);
    }

    /**
     * Takes up the next event. The arrays are read until the next call and must not change until then.
     *
     * @param document the event's value, null for a tombstone
     * @param key the event's key
     * @param headers the event's headers
     * @param timestampMillis the event's time in epoch milliseconds, or {@link #NO_TIMESTAMP}
     */
    public void bind(byte @Nullable [] document, byte @Nullable [] key, Headers headers, long timestampMillis) {
        this.bound = document;
        this.document = document;
        this.scanned = false;
        this.problem = null;
        frame.bind(key, headers, timestampMillis);
    }

    /**
     * Sets a field of the document, as {@link DocumentField#set} does: expressions see it until {@link #unset}, or until the next event.
     *
     * @param value one value of JSON
     */
    public void set(Handle<DocumentField> field, byte[] value) throws EvaluationException {
        scan();
        byte[] before = requireNonNull(document);
        Path path = plan.fieldPath(field);
        FieldBytes text = plan.fieldText(field);
        frame.forget();
        if (frame.slots.type(path) == Slots.ABSENT) {
            int end = FieldBytes.end(before);
            byte[] longer = text.appended(before, end, value);
            document = longer;
            problem = scanner.scanAppended(longer, plan.document(), path, text.valueAt(before, end));
        } else {
            document = text.replaced(before, frame.slots.start(path), frame.slots.end(path), value);
            scanned = false;
        }
        scan();
    }

    /** The document as it was bound, without the fields that were set since. */
    public void unset() {
        if (document != bound) {
            document = bound;
            scanned = false;
            frame.forget();
        }
    }

    /** The document with the fields that were set; null for a tombstone. */
    public byte @Nullable [] document() {
        return document;
    }

    /**
     * Leaves in a set the positions of those filters of a selection that are to be tested, by {@link #test(Selection, int)}; any other
     * is false for the event.
     */
    public void select(Selection selection, BitSet positions) {
        try {
            if (selection.readsDocument()) {
                scan();
            }
            selection.select(frame, positions, undecided);
        } catch (EvaluationException e) {
            selection.selectAll(positions); // each says by itself what is wrong
            selection.selectAll(undecided);
        }
    }

    /** Whether the event passes a filter of the selection that was selected from last, at one of the positions that it left. */
    public boolean test(Selection selection, int position) throws EvaluationException {
        if (undecided.get(position)) {
            Handle<Filter> filter = selection.filter(position);
            return filter == null || test(filter);
        }
        Node rest = selection.rest(position);
        return rest == null || isTrue(rest.evaluate(frame));
    }

    /** Whether the event passes a filter. */
    public boolean test(Handle<Filter> filter) throws EvaluationException {
        return isTrue(evaluate(plan.program(filter)));
    }

    private boolean isTrue(int kind) throws EvaluationException {
        if (!Kind.isBool(kind)) {
            throw failed(kind, "a filter must be a bool, but was a ");
        }
        return kind == Kind.TRUE;
    }

    /** The projection of the event: one JSON object in an array of its own. */
    public byte[] project(Handle<Projection> projection) throws EvaluationException {
        Compiler.Program program = plan.program(projection);
        prepare(program);
        json.clear();
        if (program.node().write(frame, json) == Kind.ERROR) {
            throw failed(Kind.ERROR, "");
        }
        return json.toByteArray();
    }

    /** The text that an expression gives for the event; null for a null. */
    public byte @Nullable [] text(Handle<TextExpression> text) throws EvaluationException {
        int kind = evaluate(plan.program(text));
        return switch (kind) {
            case Kind.NULL -> null;
            case Kind.TEXT -> Arrays.copyOfRange(frame.bytes, frame.from, frame.to);
            case Kind.STRING -> frame.string(kind).getBytes(UTF_8);
            case Kind.BYTES -> ((Bytes) frame.object).array().clone();
            case Kind.TRUE -> "true".getBytes(ISO_8859_1);
            case Kind.FALSE -> "false".getBytes(ISO_8859_1);
            case Kind.INT -> Long.toString(frame.number).getBytes(ISO_8859_1);
            case Kind.UINT -> Long.toUnsignedString(frame.number).getBytes(ISO_8859_1);
            case Kind.DOUBLE -> finite(frame.real);
            default -> throw failed(kind, "a text must be a string, number, bool, bytes or null, but was a ");
        };
    }

    private static byte[] finite(double real) throws EvaluationException {
        if (!Double.isFinite(real)) {
            throw new EvaluationException(EvaluationException.Kind.FAILED, "a number that is not finite");
        }
        return NumberOutput.toString(real, true).getBytes(ISO_8859_1);
    }

    /** The time that an expression gives for the event, in epoch milliseconds. */
    public long time(Handle<TimeExpression> expression) throws EvaluationException {
        int kind = evaluate(plan.program(expression));
        switch (kind) {
            case Kind.INT -> {
                return inRange(frame.number);
            }
            case Kind.DOUBLE -> {
                if (frame.real != Math.rint(frame.real)) {
                    throw failed("a time has milliseconds with a fraction: " + frame.real);
                }
                return inRange((long) frame.real);
            }
            case Kind.TEXT -> {
                return read(frame.bytes, frame.from, frame.to);
            }
            case Kind.STRING -> {
                byte[] utf8 = frame.string(kind).getBytes(UTF_8);
                return read(utf8, 0, utf8.length);
            }
            case Kind.TIMESTAMP -> {
                return ((Instant) frame.object).toEpochMilli();
            }
            default -> throw failed(kind, "a time must be milliseconds, RFC 3339 text or a timestamp, but was a ");
        }
    }

    private long read(byte[] text, int from, int to) throws EvaluationException {
        if (!time.parse(text, from, to)) {
            throw failed("'" + Times.shortened(new String(text, from, to - from, UTF_8)) + "' is no RFC 3339 time");
        }
        return inRange(time.seconds() * 1000 + time.nanos() / 1_000_000);
    }

    private static long inRange(long millis) throws EvaluationException {
        if (millis < Times.FIRST.toEpochMilli() || millis > Times.LAST.toEpochMilli()) {
            throw failed("time out of range: " + millis);
        }
        return millis;
    }

    private int evaluate(Compiler.Program program) throws EvaluationException {
        prepare(program);
        return program.node().evaluate(frame);
    }

    private void prepare(Compiler.Program program) throws EvaluationException {
        if (program.readsDocument()) {
            scan();
        }
    }

    private void scan() throws EvaluationException {
        byte[] bytes = document;
        if (bytes == null) {
            throw new EvaluationException(EvaluationException.Kind.NO_VALUE, "the event has no value");
        }
        if (!scanned) {
            problem = scanner.scan(bytes, plan.document());
            scanned = true;
        }
        if (problem != null) {
            throw new EvaluationException(EvaluationException.Kind.NOT_JSON, problem);
        }
    }

    private EvaluationException failed(int kind, String rule) {
        return failed(kind == Kind.ERROR ? frame.error : rule + Kind.typeName(kind));
    }

    private static EvaluationException failed(String message) {
        return new EvaluationException(EvaluationException.Kind.FAILED, message);
    }
}
