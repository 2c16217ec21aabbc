package io.millrace.devinterface.spec;

import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Why a file cannot be read, said to whoever gave its name: the end of a sentence that says what it must be. */
public final class Unreadable {
    private Unreadable() {}

    /** What keeps a file from being read, as far as that is known before; nothing if there is a file that may be read. */
    public static Optional<String> problem(Path file) {
        String name = Words.quoted(file.toString());
        if (Files.notExists(file)) {
            return Optional.of("there is no file " + name
                    + (file.isAbsolute() ? "" : " in " + Path.of("").toAbsolutePath()));
        }
        if (Files.isDirectory(file)) {
            return Optional.of(name + " is a folder");
        }
        return Files.isReadable(file) ? Optional.empty() : Optional.of(name + " may not be read by this user");
    }

    /** What kept a file from being read as text. */
    public static String why(String file, Exception e) {
        if (e instanceof InvalidPathException) {
            return Words.quoted(file) + " is no name of a file";
        }
        if (e instanceof CharacterCodingException) {
            return Words.quoted(file) + " is not in UTF-8";
        }
        return problem(Path.of(file)).orElseGet(() -> Words.quoted(file) + " cannot be read: " + e.getMessage());
    }
}
