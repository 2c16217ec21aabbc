package io.millrace.io.objects;

import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Gives the objects of a folder in their groups, without what is hidden from readers. */
final class VisibleObjectsFn extends DoFn<Metadata, KV<Integer, Metadata>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element Metadata object, OutputReceiver<KV<Integer, Metadata>> out) {
        String name = object.resourceId().getFilename();
        if (name != null && !object.resourceId().isDirectory() && !name.startsWith(".") && !name.startsWith("_")) {
            out.output(KV.of(FolderHoldings.group(name), object));
        }
    }
}
