package io.millrace.io.objects;

import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Gives the objects of a folder by their names, without what is hidden from readers. */
final class ObjectNameFn extends DoFn<Metadata, KV<String, Metadata>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element Metadata object, OutputReceiver<KV<String, Metadata>> out) {
        String name = object.resourceId().getFilename();
        if (name != null && !object.resourceId().isDirectory() && !name.startsWith(".") && !name.startsWith("_")) {
            out.output(KV.of(name, object));
        }
    }
}
