package io.millrace.io.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * Makes texts that people may read of what a service said.
 *
 * @param secrets what must not be in them
 */
record Excerpt(List<String> secrets) {
    private static final int SHOWN_OF_A_BODY = 200;
    private static final int SEARCHED_FOR_SECRETS = 16 << 10;

    /** How a body begins, behind a colon; nothing of a blank one. */
    String beginning(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, SEARCHED_FOR_SECRETS), UTF_8);
        return text.isBlank() ? "" : ": " + of(text);
    }

    /** A text without secrets, on one line, and not too long. */
    String of(String text) {
        return of(text, SHOWN_OF_A_BODY);
    }

    /** The same, with another length. */
    String of(String text, int most) {
        String shown = text;
        for (String secret : secrets) {
            shown = shown.replace(secret, "***");
        }
        shown = shown.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return shown.length() <= most ? shown : shown.substring(0, most) + "...";
    }
}
