package io.millrace.pipelines;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Keys as they are shown to people: those that would not be seen as they are, in quotes, and the beginning of long ones. */
final class ReadableKey {
    private static final int LONGEST = 100;

    private ReadableKey() {}

    static String of(String key) {
        String beginning = key.length() > LONGEST ? key.substring(0, LONGEST) : key;
        boolean isPlain =
                !key.isBlank() && key.equals(key.strip()) && key.chars().noneMatch(Character::isISOControl);
        String shown = isPlain
                ? beginning
                : "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(beginning)) + "\"";
        return key.length() > LONGEST ? shown + "… (%,d characters)".formatted(key.length()) : shown;
    }
}
