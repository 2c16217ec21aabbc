package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.io.files.FileTable;
import io.millrace.io.http.HttpTable;
import io.millrace.io.jdbc.JdbcTable;
import io.millrace.io.s3.S3Table;
import io.millrace.io.table.JsonTable;
import io.millrace.io.table.RowPlace;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A table of JSON rows that each worker process holds in memory, so that nobody is asked. */
@OneOf({"files", "s3", "http", "jdbc"})
public record TableSpec(
        @Setting(
                value =
                        "The field of a row, at its top level, that is its key: a text or a number. Of rows with one key, the last is used.",
                example = "id")
        String keyField,

        @Setting("A file that every worker has.") @Nullable FileTable files,

        @Setting("An object of S3.") @Nullable S3Table s3,

        @Setting("What a service of HTTP answers.") @Nullable HttpTable http,

        @Setting("A table or view of a database, a row as an object.") @Nullable JdbcTable jdbc,

        @Setting(
                value =
                        "After how long it is looked for another version: at the multiples of it since 1970, so that all processes move"
                                + " on together. A version that is held already is not loaded again, and one that cannot be loaded leaves"
                                + " the last one in use. Without it, the table is loaded once, when the job starts.",
                example = "PT10M")
        @Nullable Duration reloadEvery,

        @Setting(
                value =
                        "Whether a table without a row is one. Otherwise it cannot be loaded: a place is found empty while somebody fills it"
                                + " anew, and then no key would have a row.",
                byDefault = "false")
        boolean allowEmpty,

        @Setting(
                value =
                        "The most bytes of memory that the table may take: for each row its key, the row, and 10 to 26 more. Without it,"
                                + " a third of a worker process' heap. Each lookup has a table of its own, and two while it is loaded"
                                + " again: with several lookups in a process, set it.",
                example = "1073741824")
        @Nullable Long maxHeldBytes) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    public TableSpec {
        checkArgument(!keyField.isEmpty(), "keyField must not be empty");
        checkArgument(
                places(files, s3, http, jdbc).size() == 1, "table must have exactly one of files, s3, http, jdbc");
        checkArgument(
                jdbc == null || jdbc.mayHave(keyField), "keyField must be one of jdbc.columns, but was '%s'", keyField);
        checkArgument(
                maxHeldBytes == null || maxHeldBytes >= 1, "maxHeldBytes must be at least 1, but was %s", maxHeldBytes);
        checkArgument(
                reloadEvery == null || reloadEvery.compareTo(SHORTEST) >= 0,
                "reloadEvery must be at least a second, but was %s",
                reloadEvery);
    }

    /** Where it is loaded from. */
    public JsonTable source() {
        return new JsonTable(keyField, places(files, s3, http, jdbc).get(0), allowEmpty, maxHeldBytes);
    }

    private static List<RowPlace> places(@Nullable RowPlace... places) {
        return Stream.of(places).filter(Objects::nonNull).toList();
    }
}
