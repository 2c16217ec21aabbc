package io.millrace.devinterface.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The script in the file that a spec names. */
final class ScriptFile {
    private static final String RULE = "file must have a script in UTF-8, but ";

    private ScriptFile() {}

    /**
     * The same with the text of its file; as it is if it has the text already.
     *
     * @throws IllegalArgumentException if there is no such file, or it has no text
     */
    static ScriptSpec inlined(ScriptSpec spec) {
        String file = spec.file();
        return file == null ? spec : spec.withSource(content(file));
    }

    private static String content(String file) {
        try {
            String content = Files.readString(Path.of(file));
            if (content.isBlank()) {
                throw new IllegalArgumentException(RULE + Words.quoted(file) + " is empty");
            }
            return content;
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(RULE + Unreadable.why(file, e), e);
        }
    }
}
