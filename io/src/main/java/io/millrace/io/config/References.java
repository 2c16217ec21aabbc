package io.millrace.io.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves {@code ${env:NAME}} and {@code ${file:PATH}} in configuration values, on the worker that needs them.
 *
 * <p>Configuration carries the reference, never the secret: what is serialised, logged or shown in a web page is
 * {@code ${env:KAFKA_PASSWORD}}. Call this where the client is opened and hand the result to nobody else.
 */
public final class References {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]*)}");

    private References() {}

    /**
     * The text with its references replaced; of a file, the content without trailing line breaks.
     *
     * @throws IllegalArgumentException if the variable is not set or the file cannot be read
     */
    public static String resolve(String text) {
        return resolve(text, System::getenv);
    }

    /** Whether a text is a reference and nothing else, so that no secret stands in it. */
    public static boolean isReference(String text) {
        return REFERENCE.matcher(text).matches();
    }

    /** Whether there is a reference in a text. */
    public static boolean hasReference(String text) {
        return REFERENCE.matcher(text).find();
    }

    /** What each reference in a text stands for, to keep it out of what people read. */
    public static List<String> secretsOf(String text) {
        return REFERENCE
                .matcher(text)
                .results()
                .map(reference -> resolve(reference, System::getenv))
                .filter(secret -> !secret.isEmpty())
                .toList();
    }

    /** The values of a map, each resolved. */
    public static Map<String, String> resolve(Map<String, String> values) {
        Map<String, String> resolved = new LinkedHashMap<>();
        values.forEach((name, value) -> resolved.put(name, resolve(value)));
        return resolved;
    }

    static String resolve(String text, UnaryOperator<@Nullable String> environment) {
        return REFERENCE
                .matcher(text)
                .replaceAll(reference -> Matcher.quoteReplacement(resolve(reference, environment)));
    }

    private static String resolve(MatchResult reference, UnaryOperator<@Nullable String> environment) {
        String name = reference.group(2);
        return reference.group(1).equals("env") ? variable(name, environment) : content(name);
    }

    private static String variable(String name, UnaryOperator<@Nullable String> environment) {
        String value = environment.apply(name);
        if (value == null) {
            throw new IllegalArgumentException("environment variable " + name + " must be set on every worker");
        }
        return value;
    }

    private static String content(String path) {
        try {
            return Files.readString(Path.of(path)).stripTrailing();
        } catch (IOException e) {
            throw new IllegalArgumentException("file " + path + " must be readable on every worker", e);
        }
    }
}
