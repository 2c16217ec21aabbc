package io.millrace.devinterface.spec;

import io.millrace.io.config.Setting;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.SinkProvider;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** A user's sink with a setting of every type, which writes to this machine unless its path is an object store's. */
public final class WindowedSinkProvider implements SinkProvider<WindowedSinkProvider.Settings> {

    /** How much is kept. */
    public enum Detail {
        ALL,
        FIRST_AND_LAST
    }

    /** A login. */
    public record Login(
            @Setting("The user's name.") String user,
            @Setting(value = "Attempts.", byDefault = "3") int attempts) {

        public Login {
            if (attempts < 1) {
                throw new IllegalArgumentException("attempts must be at least 1, but was " + attempts);
            }
        }
    }

    /** Its settings. */
    public record Settings(
            @Setting(value = "Where to write.", example = "s3://lake/plays")
            String path,

            @Setting(value = "The window's length.", byDefault = "PT1M")
            Duration window,

            @Setting(value = "Whether to sync.", byDefault = "false")
            boolean sync,

            @Setting(value = "The largest size.", byDefault = "9007199254740993")
            long maxBytes,

            @Setting(value = "What to keep.", byDefault = "all")
            Detail detail,

            @Setting(value = "Marks.", byDefault = "[]") List<String> marks,
            @Setting(value = "Options.", byDefault = "{}") Map<String, String> options,
            @Setting("Who writes.") @Nullable Login login,
            @Setting("A note.") Optional<String> note) {

        public Settings {
            marks = List.copyOf(marks);
            options = Map.copyOf(options);
            if (window.isNegative()) {
                throw new IllegalArgumentException("window must not be negative, but was " + window);
            }
        }
    }

    @Override
    public String name() {
        return "windowed";
    }

    @Override
    public String description() {
        return "Writes | windows.";
    }

    @Override
    public Class<Settings> configType() {
        return Settings.class;
    }

    @Override
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(Settings config, SinkContext context) {
        throw new UnsupportedOperationException("only its settings are of interest");
    }

    @Override
    public boolean needsEventTimes(Settings config) {
        return !config.window().isZero();
    }

    @Override
    public Optional<String> localPath(Settings config) {
        return config.path().contains("://") ? Optional.empty() : Optional.of(config.path());
    }
}
