package io.millrace.benchmarks.router;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** As one would write it who counts cycles: a streaming parser that keeps what the result needs, and a generator. */
final class StreamingPlays implements Plays {
    private final JsonFactory json = new JsonFactory();
    private final ByteArrayOutputStream result = new ByteArrayOutputStream(256);

    @Override
    public byte @Nullable [] route(byte[] event) throws IOException {
        String country = null;
        String profile = null;
        String title = null;
        String device = null;
        int duration = 0;
        try (JsonParser parser = json.createParser(event)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "country" -> country = parser.getText();
                    case "profile_id" -> profile = parser.getText();
                    case "title_id" -> title = parser.getText();
                    case "device" -> device = parser.getText();
                    case "duration_s" -> duration = parser.getIntValue();
                    default -> parser.skipChildren();
                }
            }
        }
        boolean taken = duration > 60 && ("US".equals(country) || "CA".equals(country));
        return taken ? write(profile, title, device, duration) : null;
    }

    private byte[] write(@Nullable String profile, @Nullable String title, @Nullable String device, int duration)
            throws IOException {
        result.reset();
        try (JsonGenerator generator = json.createGenerator(result)) {
            generator.writeStartObject();
            generator.writeStringField("profile_id", profile);
            generator.writeStringField("title_id", title);
            generator.writeStringField("device", device);
            generator.writeNumberField("duration_s", duration);
            generator.writeEndObject();
        }
        return result.toByteArray();
    }
}
