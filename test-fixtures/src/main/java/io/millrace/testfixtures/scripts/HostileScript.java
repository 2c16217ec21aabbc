package io.millrace.testfixtures.scripts;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** A script in JavaScript that does its worst when an event asks for it: {@code {"attack": "endlessFor"}}; others it maps. */
public final class HostileScript {
    private static final Pattern ATTACK = Pattern.compile("^  (\\w+)\\([^)]*\\) \\{.*},$", Pattern.MULTILINE);
    private static final String ATTEMPTS = "const attempts = {";

    private HostileScript() {}

    /** The script's text. */
    public static String source() {
        try (InputStream script = HostileScript.class.getResourceAsStream("hostile.js")) {
            return new String(requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Attacks that have to be stopped. */
    public static List<String> stopped() {
        return attacks(source().substring(0, source().indexOf(ATTEMPTS)));
    }

    /** Attacks that fail by themselves. */
    public static List<String> failing() {
        return attacks(source().substring(source().indexOf(ATTEMPTS)));
    }

    private static List<String> attacks(String text) {
        return ATTACK.matcher(text).results().map(attack -> attack.group(1)).toList();
    }

    /** An event that asks for an attack. */
    public static String attacking(String attack) {
        return "{\"attack\":\"" + attack + "\"}";
    }

    /** An event that asks for none. */
    public static String good(int n) {
        return "{\"n\":" + n + ",\"title\":\"t-" + n % 100 + "\"}";
    }

    /** What the script makes of a good event. */
    public static String result(int n) {
        return ("{\"n\":%1$d,\"counter\":1,\"doubled\":[2,4,%2$d],\"text\":\"A%3$d\",\"json\":\"{\\\"n\\\":%1$d}\","
                        + "\"members\":[\"n\",\"title\"],"
                        + "\"leaked\":[\"undefined\",0,\"undefined\",\"undefined\",\"undefined\",\"\"]}")
                .formatted(n, 2 * n, n / 2);
    }
}
