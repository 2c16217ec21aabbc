package io.millrace.io.objects;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.io.sink.Held;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/** Reads the lines of objects that are the route's own by a manifest, or that have none. */
final class ReadObjectsFn extends DoFn<KV<Integer, CoGbkResult>, Held> {
    /** The names of objects that manifests name, and whether the manifest is one of the route. */
    static final TupleTag<KV<String, Boolean>> CLAIMS = new TupleTag<>("claims");

    static final TupleTag<Metadata> OBJECTS = new TupleTag<>("objects");

    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element KV<Integer, CoGbkResult> group, OutputReceiver<Held> out) throws IOException {
        Map<String, Boolean> own = new HashMap<>();
        group.getValue()
                .getAll(CLAIMS)
                .forEach(claim -> own.merge(claim.getKey(), claim.getValue(), Boolean::logicalOr));
        for (Metadata object : group.getValue().getAll(OBJECTS)) {
            String name = String.valueOf(object.resourceId().getFilename());
            if (own.getOrDefault(name, true)) {
                read(object, name, own.containsKey(name), out);
            }
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
