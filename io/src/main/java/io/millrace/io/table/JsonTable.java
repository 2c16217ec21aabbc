package io.millrace.io.table;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.enricher.LookupTable;
import io.millrace.transforms.enricher.LookupTable.Loaded;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of JSON rows by a field of them: what there is of a key is its row, as the bytes that were read.
 *
 * <p><i>Shape</i>: a row is one JSON object. Its key is a text or a number at its top level, a number as it is written: {@code 7} and
 * {@code 7.0} are two keys. Of rows that have one key, the last is used.
 *
 * <p><i>Fails</i>: a load fails as a whole, with the row's number, of which a row is no JSON object (RFC 8259 in UTF-8, at most 512 levels
 * deep), or has no key, an empty one, or one that is neither text nor number; and where the table would take too much memory.
 *
 * @param keyField the field
 * @param rows where the rows are
 * @param mayBeEmpty whether it is a table without a row
 * @param maxHeldBytes the most bytes of memory that the table may take; null for a third of the process' heap, since two are held while one
 *     is loaded
 */
public record JsonTable(
        String keyField,
        RowPlace rows,
        boolean mayBeEmpty,
        @Nullable Long maxHeldBytes) implements LookupTable.Source<String, byte[]> {

    public JsonTable {
        checkArgument(!keyField.isEmpty(), "keyField must not be empty");
        checkArgument(
                maxHeldBytes == null || maxHeldBytes >= 1, "maxHeldBytes must be at least 1, but was %s", maxHeldBytes);
    }

    /** A table that has rows. */
    public JsonTable(String keyField, RowPlace rows) {
        this(keyField, rows, false, null);
    }

    /** The same, where no row is a table as well. */
    public JsonTable allowingEmpty() {
        return new JsonTable(keyField, rows, true, maxHeldBytes);
    }

    /** The same, with another limit of memory. */
    public JsonTable withMaxHeldBytes(long maxHeldBytes) {
        return new JsonTable(keyField, rows, mayBeEmpty, maxHeldBytes);
    }

    @Override
    public String place() {
        return rows.place();
    }

    @Override
    public Optional<Loaded<String, byte[]>> load(String held) throws IOException, InterruptedException {
        JsonRows read = new JsonRows(keyField, mostBytes());
        return rows.read(held, read).map(version -> new Loaded<>(read.table(), version, read.doubled()));
    }

    private long mostBytes() {
        return maxHeldBytes == null ? Runtime.getRuntime().maxMemory() / 3 : maxHeldBytes;
    }
}
