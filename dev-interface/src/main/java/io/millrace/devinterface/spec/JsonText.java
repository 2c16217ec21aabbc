package io.millrace.devinterface.spec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.devinterface.spec.Value.Entry;
import io.millrace.devinterface.spec.Value.Fields;
import io.millrace.devinterface.spec.Value.Items;
import io.millrace.devinterface.spec.Value.Kind;
import io.millrace.devinterface.spec.Value.Mark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads JSON text into values. */
final class JsonText {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonParser parser;

    private JsonText(JsonParser parser) {
        this.parser = parser;
    }

    /** The one document of the text. */
    static Value read(String text) throws SyntaxException {
        try (JsonParser parser = JSON.createParser(text)) {
            return new JsonText(parser).document();
        } catch (JsonProcessingException e) {
            throw new SyntaxException(mark(e.getLocation()), e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Value document() throws IOException, SyntaxException {
        Value document = value(parser.nextToken(), 1);
        if (parser.nextToken() != null) {
            throw new SyntaxException(here(), "more text after the end of the document");
        }
        return document;
    }

    private Value value(@Nullable JsonToken token, int depth) throws IOException, SyntaxException {
        Mark at = here();
        SpecText.checkDepth(depth, at);
        if (token == null) {
            throw new SyntaxException(at, "the text ends too early");
        }
        return switch (token) {
            case START_OBJECT -> fields(at, depth);
            case START_ARRAY -> items(at, depth);
            case VALUE_STRING -> SpecText.scalar(Kind.TEXT, parser.getText(), at);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> SpecText.scalar(Kind.NUMBER, parser.getText(), at);
            case VALUE_TRUE, VALUE_FALSE -> SpecText.scalar(Kind.BOOLEAN, parser.getText(), at);
            default -> SpecText.scalar(Kind.EMPTY, "", at);
        };
    }

    private Value fields(Mark at, int depth) throws IOException, SyntaxException {
        List<Entry> entries = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            Mark keyAt = here();
            String key = SpecText.unicode(parser.currentName(), keyAt);
            entries.add(new Entry(key, keyAt, value(parser.nextToken(), depth + 1)));
        }
        return SpecText.checkSize(Fields.of(entries, at));
    }

    private Value items(Mark at, int depth) throws IOException, SyntaxException {
        List<Value> values = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            values.add(value(token, depth + 1));
        }
        return SpecText.checkSize(Items.of(values, at));
    }

    private Mark here() {
        return mark(parser.currentTokenLocation());
    }

    private static Mark mark(@Nullable JsonLocation location) {
        return location == null ? Mark.START : new Mark(location.getLineNr(), location.getColumnNr());
    }
}
