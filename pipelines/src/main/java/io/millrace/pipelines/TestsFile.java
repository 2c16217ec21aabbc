package io.millrace.pipelines;

import io.millrace.devinterface.spec.Unreadable;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlRecordException;
import io.millrace.transforms.script.version.ScriptTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a script must make of events, in a file. */
final class TestsFile {
    /** How it is written. */
    static final String FORM =
            "a JSON array of {\"event\": {...}, \"expect\": ...}, where what is expected is an object, an array"
                    + " of objects, null for nothing, or for a filter true or false; beside event may stand key, headers and time.";

    private TestsFile() {}

    /** The tests in a file; none if no file is given, or there are problems. */
    static List<ScriptTest> read(@Nullable Path file, Problems problems) {
        try {
            List<ScriptTest> tests = file == null ? List.of() : ControlRecord.parseTests(Files.readString(file));
            if (file != null && tests.isEmpty()) {
                problems.add("--tests", "must have a test at least, but " + file + " has none");
            }
            return tests;
        } catch (IOException e) {
            problems.add("--tests", "must be a file that can be read, but " + Unreadable.why(String.valueOf(file), e));
        } catch (ControlRecordException e) {
            e.problems().forEach(problem -> problems.add("--tests", problem));
        }
        return List.of();
    }
}
