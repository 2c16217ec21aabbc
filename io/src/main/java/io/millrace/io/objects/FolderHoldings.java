package io.millrace.io.objects;

import com.google.common.hash.Hashing;
import io.millrace.io.sink.Held;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.RefusedException;
import io.millrace.transforms.event.Event;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MetadataCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * What a folder holds of a route, by the bytes of the lines: the lines of the objects that the route's manifests name, and those of
 * objects that no manifest names, which are nobody's.
 *
 * <p>A line has no identity of its own. What is the same line is the same to an audit: how many of them there are is told exactly, and
 * which of them is missing is not. What a manifest says of an object, its offsets and number of lines, is not relied on.
 */
final class FolderHoldings implements Holdings {
    private static final long serialVersionUID = 1;
    private static final int GROUPS = 16;

    private final String path;
    private final ObjectNames names;

    FolderHoldings(String path, ObjectNames names) {
        this.path = path;
        this.names = names;
    }

    @Override
    public PTransform<PBegin, PCollection<Held>> held() {
        return new ReadFolder(path, names);
    }

    @Override
    public Held expected(Event result, Instant time) throws RefusedException {
        try {
            return Held.each(digest(JsonLine.of(result.value())), result.id().toString());
        } catch (NotALineException e) {
            throw new RefusedException(e.reason(), String.valueOf(e.getMessage()));
        }
    }

    /** Which of a few groups of objects a name belongs to: each group is read by one worker. */
    static int group(String object) {
        return Math.floorMod(object.hashCode(), GROUPS);
    }

    /** What stands for a line. */
    static String digest(byte[] line) {
        return Hashing.sha256().hashBytes(line).toString();
    }

    /** Gives every line of the objects that are the route's or nobody's. */
    private static final class ReadFolder extends PTransform<PBegin, PCollection<Held>> {
        private static final long serialVersionUID = 1;

        private final String path;
        private final ObjectNames names;

        ReadFolder(String path, ObjectNames names) {
            this.path = path;
            this.names = names;
        }

        @Override
        public PCollection<Held> expand(PBegin begin) {
            String folder = FileSystems.matchNewResource(path, true).toString();
            PCollection<KV<Integer, KV<String, Boolean>>> claims = begin.apply(
                            "Manifests", match(folder + ObjectNames.EVERY_MANIFEST))
                    .apply("Claims", ParDo.of(new ClaimObjectsFn(folder, names)))
                    .setCoder(KvCoder.of(VarIntCoder.of(), KvCoder.of(StringUtf8Coder.of(), BooleanCoder.of())));
            PCollection<KV<Integer, Metadata>> objects = begin.apply("Objects", match(folder + "*"))
                    .apply("Visible", ParDo.of(new VisibleObjectsFn()))
                    .setCoder(KvCoder.of(VarIntCoder.of(), MetadataCoder.of()));
            return KeyedPCollectionTuple.of(ReadObjectsFn.CLAIMS, claims)
                    .and(ReadObjectsFn.OBJECTS, objects)
                    .apply("Whose", CoGroupByKey.create())
                    .apply("Read lines", ParDo.of(new ReadObjectsFn()));
        }

        private static FileIO.Match match(String pattern) {
            return FileIO.match().filepattern(pattern).withEmptyMatchTreatment(EmptyMatchTreatment.ALLOW);
        }
    }
}
