package io.millrace.io.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.millrace.transforms.expression.JsonCheck;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Rows as JSON objects. */
final class RowJson {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();
    private static final int LAST_YEAR = 9999;

    private RowJson() {}

    /** The row at which a result stands. */
    static byte[] of(ResultSet row, Iterable<Column> columns) throws SQLException {
        StringWriter text = new StringWriter(); // a generator of bytes escapes what is beyond the first plane
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Column column : columns) {
                json.writeFieldName(column.name());
                write(json, row, column);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(UTF_8);
    }

    private static void write(JsonGenerator json, ResultSet row, Column column) throws SQLException, IOException {
        int at = column.index();
        Object value = row.getObject(at);
        if (value == null) {
            json.writeNull();
        } else if (column.isZonedTimestamp()) {
            timestamp(json, row.getObject(at, OffsetDateTime.class), row, at);
        } else if (column.type() == Types.TIMESTAMP) {
            timestamp(json, row.getObject(at, LocalDateTime.class).atOffset(ZoneOffset.UTC), row, at);
        } else if (column.type() == Types.DATE) {
            LocalDate date = row.getObject(at, LocalDate.class);
            json.writeString(isUsual(date.getYear()) ? date.toString() : row.getString(at));
        } else if (column.isTimeOfDay()) {
            json.writeString(DateTimeFormatter.ISO_LOCAL_TIME.format(row.getObject(at, LocalTime.class)));
        } else if (column.isJson()) {
            json(json, row.getString(at));
        } else if (!wroteScalar(json, value)) {
            json.writeString(row.getString(at));
        }
    }

    private static void timestamp(JsonGenerator json, OffsetDateTime time, ResultSet row, int at)
            throws SQLException, IOException {
        OffsetDateTime utc = isUsual(time.getYear()) ? time.withOffsetSameInstant(ZoneOffset.UTC) : time;
        json.writeString(isUsual(utc.getYear()) ? utc.toInstant().toString() : row.getString(at));
    }

    /** Whether RFC 3339 has it; databases have infinity, and years before Christ. */
    private static boolean isUsual(int year) {
        return year >= 0 && year <= LAST_YEAR;
    }

    private static void json(JsonGenerator json, String text) throws IOException {
        if (JsonCheck.problem(text.getBytes(UTF_8)) == null) {
            json.writeRawValue(text);
        } else {
            json.writeString(text);
        }
    }

    /** Whether a value could be written that needs no row to be read from. */
    private static boolean wroteScalar(JsonGenerator json, Object value) throws SQLException, IOException {
        if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof BigDecimal decimal) {
            json.writeNumber(decimal);
        } else if (value instanceof BigInteger integer) {
            json.writeNumber(integer);
        } else if (value instanceof Double || value instanceof Float) {
            real(json, (Number) value);
        } else if (value instanceof byte[] bytes) {
            json.writeBinary(bytes);
        } else if (value instanceof Blob blob) {
            json.writeBinary(blob.getBytes(1, Math.toIntExact(blob.length())));
        } else if (value instanceof Array array) {
            array(json, (Object[]) array.getArray());
        } else {
            return false;
        }
        return true;
    }

    private static void real(JsonGenerator json, Number number) throws IOException {
        if (!Double.isFinite(number.doubleValue())) {
            json.writeString(number.toString());
        } else if (number instanceof Float) {
            json.writeNumber(number.floatValue());
        } else {
            json.writeNumber(number.doubleValue());
        }
    }

    private static void array(JsonGenerator json, @Nullable Object[] elements) throws SQLException, IOException {
        json.writeStartArray();
        for (Object element : elements) {
            if (element == null) {
                json.writeNull();
            } else if (element instanceof Object[] inner) {
                array(json, inner);
            } else if (!wroteScalar(json, element)) {
                json.writeString(element.toString());
            }
        }
        json.writeEndArray();
    }
}
