package io.millrace.transforms.script.version;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a version of a script in force from an event time on: a new one, or one that was accepted before.
 *
 * <p>Its one text is a JSON object with {@code id}, {@code source} or {@code version}, {@code effectiveFrom} (RFC 3339), {@code author},
 * and where there are any {@code tests} and {@code reason}.
 *
 * <p><i>Fails</i>: at construction, where {@code id} or {@code author} is empty, too long or not printable, {@code effectiveFrom} is finer than a
 * millisecond, or not exactly one of {@code source} and {@code version} is given.
 *
 * @param id what identifies the record, and the version if it is new
 * @param source the text of a new version, or null
 * @param version the id of the version that is put in force again, or null
 * @param effectiveFrom the first event time that is the version's
 * @param author who wrote the record
 * @param tests what the version has to make of events before it is accepted
 * @param reason why a version is put in force again, or null
 */
public record ControlRecord(
        String id,
        @Nullable String source,
        @Nullable String version,
        Instant effectiveFrom,
        String author,
        List<ScriptTest> tests,
        @Nullable String reason) {

    /** The author of records that Millrace writes itself. */
    public static final String MILLRACE = "millrace";

    /** What the ids of withdrawals begin with; the id follows of the record that had put in force what is withdrawn. */
    public static final String WITHDRAWN = "withdrawn-";

    private static final int MAX_ID = 200; // which leaves room for withdrawals of it
    private static final int MAX_NAME = 1_000;

    public ControlRecord {
        tests = List.copyOf(tests);
        List<String> problems = new ArrayList<>();
        checkName("id", id, author.equals(MILLRACE) && id.startsWith(WITHDRAWN) ? MAX_NAME : MAX_ID, problems);
        if ((source == null) == (version == null)) {
            String given = source == null ? "neither was" : "both were";
            problems.add("exactly one of source and version must be given, but " + given);
        }
        checkNotBlank("source", source, problems);
        checkNotBlank("version", version, problems);
        if (effectiveFrom.getNano() % 1_000_000 != 0) {
            problems.add("effectiveFrom must be in whole milliseconds, but was " + effectiveFrom);
        }
        checkName("author", author, MAX_NAME, problems);
        if (!problems.isEmpty()) {
            throw new ControlRecordException(problems);
        }
    }

    /** A new version, without tests. */
    public static ControlRecord ofSource(String id, String source, Instant effectiveFrom, String author) {
        return new ControlRecord(id, source, null, effectiveFrom, author, List.of(), null);
    }

    /** A version that was accepted before, put in force again. */
    public static ControlRecord ofVersion(String id, String version, Instant effectiveFrom, String author) {
        return new ControlRecord(id, null, version, effectiveFrom, author, List.of(), null);
    }

    /** The same, accepted only if these tests pass. */
    public ControlRecord withTests(List<ScriptTest> tests) {
        return new ControlRecord(id, source, version, effectiveFrom, author, tests, reason);
    }

    /** The same, for events from another time on. */
    public ControlRecord withEffectiveFrom(Instant effectiveFrom) {
        return new ControlRecord(id, source, version, effectiveFrom, author, tests, reason);
    }

    /** The same, with why. */
    public ControlRecord withReason(String reason) {
        return new ControlRecord(id, source, version, effectiveFrom, author, tests, reason);
    }

    /**
     * Reads the text of a record.
     *
     * @throws ControlRecordException with every problem of the text
     */
    public static ControlRecord parse(String json) {
        return ControlRecordJson.read(json);
    }

    /**
     * Reads tests as a record has them: a JSON array.
     *
     * @throws ControlRecordException with every problem of the text
     */
    public static List<ScriptTest> parseTests(String json) {
        return ControlRecordJson.readTests(json);
    }

    /** The id that a text gives, as far as it is a record at all. */
    public static Optional<String> idOf(String json) {
        return ControlRecordJson.idOf(json);
    }

    /** The JSON object that a text is, whether it is a record or not; nothing if it is none. */
    public static Optional<ObjectNode> treeOf(String json) {
        return ControlRecordJson.treeOf(json);
    }

    /** The record's one text, on one line. */
    public String toJson() {
        return ControlRecordJson.write(this);
    }

    /** The record as a JSON object. */
    public ObjectNode toTree() {
        return ControlRecordJson.tree(this);
    }

    /** The id of the version that the record puts in force. */
    public String versionId() {
        return version == null ? id : version;
    }

    /** Whether Millrace withdraws a version by this record. */
    public boolean isWithdrawal() {
        return author.equals(MILLRACE) && id.startsWith(WITHDRAWN);
    }

    private static void checkName(String field, String text, int most, List<String> problems) {
        if (text.isBlank() || text.length() > most || text.chars().anyMatch(Character::isISOControl)) {
            problems.add(field + " must be 1 to " + most + " printable characters, but was '" + shortened(text) + "'");
        }
    }

    private static String shortened(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= 100 ? printable : printable.substring(0, 100) + "…";
    }

    private static void checkNotBlank(String field, @Nullable String text, List<String> problems) {
        if (text != null && text.isBlank()) {
            problems.add(field + " must not be empty, but was '" + shortened(text) + "'");
        }
    }
}
