package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.io.config.Setting;
import io.millrace.io.files.FileEvents;
import io.millrace.io.kafka.ControlTopic;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.transforms.script.version.ControlLog;
import org.jspecify.annotations.Nullable;

/** Where the versions of a script come from while its route runs. */
@OneOf({"kafka", "file"})
public record DynamicSpec(
        @Setting("A topic of Kafka, which is the script's own.") @Nullable ControlTopic kafka,

        @Setting(
                value =
                        "A file of this machine, for processes that run on it, and for trying without Kafka: a line for each version. What"
                                + " becomes of a version is said in <file>.replies.",
                example = "play-minutes.versions")
        @Nullable String file) {

    public DynamicSpec {
        checkArgument((kafka == null) != (file == null), "dynamic must have exactly one of kafka, file");
        checkArgument(file == null || !file.isBlank(), "file must not be empty, but was '%s'", file);
    }

    /** The log of the versions. */
    public ControlLog log() {
        return kafka == null ? FileEvents.controlLog(requireNonNull(file)) : KafkaEvents.controlLog(kafka);
    }
}
