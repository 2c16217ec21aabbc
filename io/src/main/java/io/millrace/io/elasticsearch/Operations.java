package io.millrace.io.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.common.hash.Hashing;
import io.millrace.io.objects.JsonLine;
import io.millrace.io.objects.NotALineException;
import io.millrace.io.sink.Held;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.ResultId;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes of each event the operation of a bulk request, as its bytes: which document under which version, or its deletion. */
final class Operations implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_ID_BYTES = 512;
    private static final JsonStringEncoder TEXT = JsonStringEncoder.getInstance();

    private final SinkContext context;
    private final int maxDocumentBytes;

    Operations(SinkContext context, int maxDocumentBytes) {
        this.context = context;
        this.maxDocumentBytes = maxDocumentBytes;
        if (context.keyed()) {
            DocumentVersion.checkEpoch(context.run().epoch());
        }
    }

    /** The operation of an event. */
    byte[] of(Event event, Instant time) throws RefusedException {
        byte[] value = event.value();
        if (context.keyed()) {
            long version = DocumentVersion.ofKey(context.run().epoch(), time, event.id());
            return operation(idOfKey(event.key()), version, value == null ? null : document(value));
        }
        return operation(
                idOfResult(event.id()), DocumentVersion.ofResult(context.run().epoch()), document(value));
    }

    /** What the index holds after an event, unless something newer of its key came. */
    Held held(Event event, Instant time) throws RefusedException {
        byte[] value = event.value();
        if (!context.keyed() || value != null) {
            document(value);
        }
        String name = event.id().toString();
        if (!context.keyed()) {
            return Held.each(idOfResult(event.id()), name);
        }
        long version =
                DocumentVersion.withoutEpoch(DocumentVersion.ofKey(context.run().epoch(), time, event.id()));
        Held newest = Held.newest(idOfKey(event.key()), version, name);
        return value == null ? newest.deleted() : newest;
    }

    private byte[] document(byte @Nullable [] value) throws RefusedException {
        if (value != null && value.length > maxDocumentBytes) {
            throw new RefusedException(
                    Reason.TOO_LARGE,
                    "document must have at most " + maxDocumentBytes + " bytes, but had " + value.length);
        }
        try {
            return JsonLine.of(value);
        } catch (NotALineException e) {
            throw new RefusedException(e.reason(), String.valueOf(e.getMessage()));
        }
    }

    private static String idOfKey(byte @Nullable [] key) throws RefusedException {
        if (key == null || key.length == 0 || key.length > LONGEST_ID_BYTES) {
            throw new RefusedException(
                    Reason.REFUSED,
                    "key must have 1 to " + LONGEST_ID_BYTES + " bytes where it is a document's id, but "
                            + (key == null ? "was null" : "had " + key.length));
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException(Reason.REFUSED, "key must be UTF-8 where it is a document's id");
        }
    }

    /** The identity's text, or where that is longer than an id may be, its SHA-256. */
    static String idOfResult(ResultId id) {
        String text = id.toString();
        return text.length() <= LONGEST_ID_BYTES
                ? text
                : "sha256:" + Hashing.sha256().hashString(text, UTF_8);
    }

    /** The result of a route that has an id; nothing where it is another's, or the identity was too long for an id. */
    static Optional<ResultId> resultOf(String id, String route) {
        return parse(id).filter(result -> result.step().equals(route));
    }

    private static Optional<ResultId> parse(String id) {
        try {
            return Optional.of(ResultId.parse(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // nobody's result
        }
    }

    /** The operation that puts a document in the place of a lower version. */
    static byte[] replacement(String id, long version, byte[] document) {
        return operation(id, version, document);
    }

    private static byte[] operation(String id, long version, byte @Nullable [] document) {
        byte[] directive = directive(document == null ? "delete" : "index", id, version);
        if (document == null) {
            return directive;
        }
        byte[] operation = new byte[directive.length + document.length + 1];
        System.arraycopy(directive, 0, operation, 0, directive.length);
        System.arraycopy(document, 0, operation, directive.length, document.length);
        operation[operation.length - 1] = '\n';
        return operation;
    }

    /** The deletion of a document of a lower version. */
    static byte[] deletion(String id, long version) {
        return directive("delete", id, version, "external");
    }

    private static byte[] directive(String action, String id, long version) {
        return directive(action, id, version, "external_gte");
    }

    private static byte[] directive(String action, String id, long version, String versionType) {
        StringBuilder directive = new StringBuilder(id.length() + 80);
        directive.append("{\"").append(action).append("\":{\"_id\":\"");
        TEXT.quoteAsString(id, directive);
        directive
                .append("\",\"version\":")
                .append(version)
                .append(",\"version_type\":\"")
                .append(versionType)
                .append("\"}}\n");
        return directive.toString().getBytes(UTF_8);
    }
}
