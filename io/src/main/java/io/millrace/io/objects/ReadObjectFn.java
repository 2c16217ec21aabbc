package io.millrace.io.objects;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.io.sink.Held;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/** Reads the lines of each object that is the route's own by a manifest, or that has none. */
final class ReadObjectFn extends DoFn<KV<String, CoGbkResult>, Held> {
    /** Whether a manifest that names the object is the route's own. */
    static final TupleTag<Boolean> CLAIMS = new TupleTag<>("claims");

    static final TupleTag<Metadata> OBJECTS = new TupleTag<>("objects");

    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element KV<String, CoGbkResult> object, OutputReceiver<Held> out) throws IOException {
        boolean claimed = false;
        boolean own = false;
        for (boolean isOwn : object.getValue().getAll(CLAIMS)) {
            claimed = true;
            own |= isOwn;
        }
        if (claimed && !own) {
            return;
        }
        for (Metadata found : object.getValue().getAll(OBJECTS)) {
            read(found, object.getKey(), own, out);
        }
    }

    /** A line has no line breaks in it, whatever its encoding, and ISO 8859-1 gives each byte back as it was. */
    private static void read(Metadata object, String name, boolean own, OutputReceiver<Held> out) throws IOException {
        try (BufferedReader lines = new BufferedReader(Channels.newReader(
                Compression.detect(name).readDecompressed(FileSystems.open(object.resourceId())), ISO_8859_1))) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String place = name + ", line " + number;
                out.output(
                        own
                                ? Held.each(FolderHoldings.digest(line.getBytes(ISO_8859_1)), place)
                                : Held.each(place, place + ", without a manifest"));
            }
        }
    }
}
