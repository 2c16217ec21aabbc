package io.millrace.transforms.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Timestamps, durations and time zones as text, and the ranges that CEL gives them. */
final class Times {
    static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private static final BigInteger LEAST_NANOS = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST_NANOS = BigInteger.valueOf(Long.MAX_VALUE);
    private static final int LONGEST_DURATION_TEXT = 1000;
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
    private static final Duration MOST_NEGATIVE = Duration.ofNanos(Long.MIN_VALUE);
    private static final Pattern DURATION_PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern OFFSET = Pattern.compile("([-+]?)(\\d\\d):(\\d\\d)");

    private Times() {}

    static Instant checked(Instant instant) throws Failure {
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new Failure("timestamp out of range");
        }
        return instant;
    }

    static Instant ofEpochSecond(long seconds) throws Failure {
        if (seconds < FIRST.getEpochSecond() || seconds > LAST.getEpochSecond()) {
            throw new Failure("timestamp out of range");
        }
        return Instant.ofEpochSecond(seconds);
    }

    static Duration checked(Duration duration) throws Failure {
        if (duration.compareTo(MOST_NEGATIVE) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new Failure("duration out of range");
        }
        return duration;
    }

    /** RFC 3339 text. */
    static Instant timestamp(String text) throws Failure {
        Rfc3339 time = new Rfc3339();
        if (text.length() > 64 || !time.parse(text)) {
            throw new Failure("'" + shortened(text) + "' is no RFC 3339 time");
        }
        return checked(Instant.ofEpochSecond(time.seconds(), time.nanos()));
    }

    static String format(Instant instant) {
        return instant.toString();
    }

    /** Parts such as {@code 1h30m}, {@code -1.5s} or {@code 10ms}. */
    static Duration duration(String text) throws Failure {
        int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        BigDecimal nanos = text.substring(start).equals("0") ? BigDecimal.ZERO : nanos(text, start);
        BigInteger whole = nanos.toBigInteger();
        whole = text.startsWith("-") ? whole.negate() : whole;
        if (whole.compareTo(LEAST_NANOS) < 0 || whole.compareTo(MOST_NANOS) > 0) {
            throw new Failure("duration out of range");
        }
        return Duration.ofNanos(whole.longValueExact());
    }

    private static BigDecimal nanos(String text, int start) throws Failure {
        Matcher part = DURATION_PART.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = start;
        boolean readable = text.length() > start && text.length() <= LONGEST_DURATION_TEXT;
        while (readable && at < text.length()) {
            readable = part.find(at) && part.start() == at;
            if (readable) {
                nanos = nanos.add(new BigDecimal(padded(part.group(1))).multiply(unit(part.group(2))));
                at = part.end();
            }
        }
        if (!readable) {
            throw new Failure("'" + shortened(text) + "' is no duration");
        }
        return nanos;
    }

    private static String padded(String digits) {
        return digits.endsWith(".") ? digits + "0" : digits;
    }

    private static BigDecimal unit(String unit) {
        return BigDecimal.valueOf(
                switch (unit) {
                    case "ns" -> 1L;
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    default -> 1_000L;
                });
    }

    /** Seconds with no, three, six or nine decimals, such as {@code 3.500s}. */
    static String format(Duration duration) {
        boolean negative = duration.isNegative();
        Duration size = duration.abs();
        int nanos = size.getNano();
        String fraction = nanos == 0
                ? ""
                : nanos % 1_000_000 == 0
                        ? String.format(".%03d", nanos / 1_000_000)
                        : nanos % 1_000 == 0 ? String.format(".%06d", nanos / 1_000) : String.format(".%09d", nanos);
        return (negative ? "-" : "") + size.getSeconds() + fraction + "s";
    }

    /** A name of the time zone database, {@code UTC}, or an offset such as {@code -02:30}. */
    static ZoneId zone(String name) throws Failure {
        try {
            Matcher offset = OFFSET.matcher(name);
            if (offset.matches()) {
                int sign = offset.group(1).equals("-") ? -1 : 1;
                return ZoneOffset.ofHoursMinutes(
                        sign * Integer.parseInt(offset.group(2)), sign * Integer.parseInt(offset.group(3)));
            }
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new Failure("'" + shortened(name) + "' is no time zone");
        }
    }

    static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, text.offsetByCodePoints(0, 37)) + "...";
    }
}
