package io.millrace.io.objects;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Gives the name of each object that a manifest says counts, in its group, and whether it is the route's own. */
final class ClaimObjectsFn extends DoFn<Metadata, KV<Integer, KV<String, Boolean>>> {
    private static final long serialVersionUID = 1;

    private final String folder;
    private final ObjectNames names;

    ClaimObjectsFn(String folder, ObjectNames names) {
        this.folder = folder;
        this.names = names;
    }

    @ProcessElement
    public void process(@Element Metadata file, OutputReceiver<KV<Integer, KV<String, Boolean>>> out)
            throws IOException {
        String name = file.resourceId().toString().substring(folder.length());
        boolean own = names.isManifestOfThisRoute(name);
        Manifest manifest = read(file);
        for (long number = 0; number < manifest.objects(); number++) {
            String object = ObjectNames.withNumber(manifest.object(), number);
            out.output(KV.of(FolderHoldings.group(object), KV.of(object, own)));
        }
    }

    private static Manifest read(Metadata file) throws IOException {
        try (InputStream in = Channels.newInputStream(FileSystems.open(file.resourceId()))) {
            return Manifest.parse(in.readAllBytes());
        } catch (IOException e) {
            throw new IOException(file.resourceId() + " must be a manifest: " + e.getMessage(), e);
        }
    }
}
