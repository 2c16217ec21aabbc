package io.millrace.io.table;

import io.millrace.transforms.enricher.PackedTable;
import io.millrace.transforms.expression.DocumentText;
import io.millrace.transforms.expression.EvaluationException;
import java.io.IOException;
import java.io.InputStream;

/** Makes a table of rows. */
final class JsonRows implements RowReader {
    private final PackedTable.Builder table = PackedTable.builder();
    private final DocumentText key;
    private final String keyField;
    private final long mostBytes;
    private long rows;

    JsonRows(String keyField, long mostBytes) {
        this.key = DocumentText.named(keyField);
        this.keyField = keyField;
        this.mostBytes = mostBytes;
    }

    @Override
    public void row(byte[] row) throws IOException, InterruptedException {
        rows++;
        add(row, "row", rows);
    }

    @Override
    public void lines(InputStream text) throws IOException, InterruptedException {
        Lines lines = Lines.of(text);
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (line.length > 0) {
                add(line, "line", lines.number());
            }
        }
    }

    private void add(byte[] row, String what, long number) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted at " + what + " " + number);
        }
        try {
            byte[] of = key.of(row);
            if (of.length == 0) {
                throw new IOException(what + " " + number + ": field '" + keyField + "' must not be empty");
            }
            table.put(of, row);
            checkSize(what, number);
        } catch (EvaluationException e) {
            throw new IOException(what + " " + number + ": " + e.getMessage(), e);
        }
    }

    private void checkSize(String what, long number) throws IOException {
        if (table.bytes() > mostBytes) {
            throw new IOException(
                    "the table must take at most " + mostBytes + " bytes of memory, which maxHeldBytes says, but with "
                            + what + " " + number + " it takes " + table.bytes());
        }
    }

    PackedTable table() {
        return table.build();
    }

    long doubled() {
        return table.doubled();
    }
}
