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
        boolean dropped = false;
        String profile = null;
        String title = null;
        String device = null;
        int duration = 0;
        String country = null;
        try (JsonParser parser = json.createParser(event)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                if (dropped) {
                    parser.skipChildren(); // to the end all the same: a broken document is no event
                    continue;
                }
                switch (field) {
                    case "country" -> {
                        country = parser.getText();
                        dropped = !country.equals("US") && !country.equals("CA");
                    }
                    case "duration_s" -> {
                        duration = parser.getIntValue();
                        dropped = duration <= 60;
                    }
                    case "profile_id" -> profile = parser.getText();
                    case "title_id" -> title = parser.getText();
                    case "device" -> device = parser.getText();
                    default -> parser.skipChildren();
                }
            }
        }
        return dropped || country == null || duration <= 60 ? null : write(profile, title, device, duration);
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
