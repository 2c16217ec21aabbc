package io.millrace.io.http;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads headers {@code Link} (RFC 8288). */
final class Links {
    private static final Pattern LINK = Pattern.compile("[\\s,]*+<([^>]*+)>");
    private static final Pattern PARAMETER = Pattern.compile("\\s*+;\\s*+([^\\s=;,\"<>]++)"
            + "\\s*+(?:=\\s*+(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^\\s;,\"]*+)))?+");
    private static final Pattern END = Pattern.compile("[\\s,;]*+");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private final String header;
    private int at;

    private Links(String header) {
        this.header = header;
    }

    /**
     * Where the first link to the next page leads; null without one.
     *
     * @throws IllegalArgumentException if a header cannot be read, which may have had one
     */
    static @Nullable String next(List<String> headers) {
        for (String header : headers) {
            String next = new Links(header).next();
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    private @Nullable String next() {
        Matcher link = LINK.matcher(header);
        while (comesNow(link)) {
            if (isToNext()) {
                return link.group(1);
            }
        }
        if (!END.matcher(header.substring(at)).matches()) {
            throw new IllegalArgumentException("Link must be links with parameters");
        }
        return null;
    }

    private boolean comesNow(Matcher matcher) {
        boolean comes = matcher.region(at, header.length()).lookingAt();
        at = comes ? matcher.end() : at;
        return comes;
    }

    /** The first {@code rel} counts; what has an anchor is a link of something else. */
    private boolean isToNext() {
        String relations = null;
        boolean isOfThis = true;
        Matcher parameter = PARAMETER.matcher(header);
        while (comesNow(parameter)) {
            String name = parameter.group(1).toLowerCase(Locale.ROOT);
            isOfThis &= !name.equals("anchor");
            if (name.equals("rel") && relations == null) {
                relations = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
            }
        }
        return isOfThis && relations != null && SPACES.splitAsStream(relations).anyMatch("next"::equalsIgnoreCase);
    }
}
