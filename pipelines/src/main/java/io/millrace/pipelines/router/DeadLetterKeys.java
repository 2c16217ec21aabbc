package io.millrace.pipelines.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.devinterface.spec.SinkSpec;
import io.millrace.io.files.FileEvents;
import io.millrace.io.files.FileEvents.ReadFiles;
import io.millrace.io.files.FileSource;
import io.millrace.io.objects.FolderSink;
import io.millrace.io.sink.Held;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.ResultId;
import java.io.Serializable;
import java.util.Optional;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;

/** The dead letters of a route that are stored, wherever that is, and the keys by which they are known there. */
interface DeadLetterKeys extends Serializable {

    /** The keys of those that are stored; of one that is stored repeatedly, repeatedly. */
    PTransform<PBegin, PCollection<String>> stored();

    /** The key of a dead letter. */
    String of(ResultId deadLetter);

    /**
     * Where they can be read: at a path, or else in the spec's sink of dead letters. Nothing if what is written to that sink cannot be
     * read again.
     *
     * @param context what that sink is told of the route's dead letters
     */
    static Optional<DeadLetterKeys> at(@Nullable String path, String route, SinkSpec<?> sink, SinkContext context) {
        if (path != null) {
            return Optional.of(new InFiles(path, route, false));
        }
        if (sink.config() instanceof FolderSink folder) {
            return Optional.of(new InFiles(folder.path(), route, true));
        }
        return sink.holdings(context).map(InSink::new);
    }

    /** Those in files, or in objects of S3: as they say themselves. */
    record InFiles(String path, String route, boolean mayBeNone) implements DeadLetterKeys {
        @Override
        public PTransform<PBegin, PCollection<String>> stored() {
            return new ReadStored(this);
        }

        @Override
        public String of(ResultId deadLetter) {
            return deadLetter.toString();
        }
    }

    /** Those in a sink of another kind: as it knows them. */
    record InSink(Holdings holdings) implements DeadLetterKeys {
        private static final byte[] ANY_DOCUMENT = "{}".getBytes(UTF_8);

        @Override
        public PTransform<PBegin, PCollection<String>> stored() {
            return new ReadHeld(holdings);
        }

        @Override
        public String of(ResultId deadLetter) {
            try {
                Event event = Event.of(deadLetter, null, ANY_DOCUMENT, Headers.empty());
                return holdings.expected(event, DeadLetter.NO_TIME).key();
            } catch (RefusedException e) {
                throw new IllegalStateException("a sink must take every dead letter", e);
            }
        }
    }

    /** Gives the identities of a route's dead letters in files. */
    final class ReadStored extends PTransform<PBegin, PCollection<String>> {
        private static final long serialVersionUID = 1;

        private final InFiles stored;

        private ReadStored(InFiles stored) {
            this.stored = stored;
        }

        @Override
        public PCollection<String> expand(PBegin begin) {
            ReadFiles read = FileEvents.read(new FileSource(stored.path()));
            return begin.apply("Read", stored.mayBeNone() ? read.ifAny() : read)
                    .events()
                    .apply("Of this route", ParDo.of(new IdsOfRouteFn(stored.route())));
        }
    }

    /** Gives the keys of what a sink holds. */
    final class ReadHeld extends PTransform<PBegin, PCollection<String>> {
        private static final long serialVersionUID = 1;

        private final Holdings holdings;

        private ReadHeld(Holdings holdings) {
            this.holdings = holdings;
        }

        @Override
        public PCollection<String> expand(PBegin begin) {
            return begin.apply("Read", holdings.held())
                    .apply("Keys", MapElements.into(TypeDescriptors.strings()).via(Held::key));
        }
    }
}
