package io.millrace.transforms.expression;

/** Reads RFC 3339 text without leaving garbage; the outcome stands in its fields until the next reading. */
final class Rfc3339 {
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int DATE_TIME = "2026-01-01T00:00:00".length();

    private long seconds;
    private int nanos;
    private byte[] bytes = {};
    private int at;
    private int limit;
    private boolean broken;

    long seconds() {
        return seconds;
    }

    int nanos() {
        return nanos;
    }

    boolean parse(String text) {
        byte[] latin = new byte[text.length()];
        for (int i = 0; i < latin.length; i++) {
            char c = text.charAt(i);
            latin[i] = c < 128 ? (byte) c : -1;
        }
        return parse(latin, 0, latin.length);
    }

    /** Whether the bytes are a time; then {@link #seconds} and {@link #nanos} have it. */
    boolean parse(byte[] text, int from, int to) {
        bytes = text;
        at = from;
        limit = to;
        broken = to - from <= DATE_TIME;
        if (broken) {
            return false;
        }
        int year = digits(4);
        skip('-', '-');
        int month = digits(2);
        skip('-', '-');
        int day = digits(2);
        skip('T', 't');
        int hour = digits(2);
        skip(':', ':');
        int minute = digits(2);
        skip(':', ':');
        int second = digits(2);
        nanos = fraction();
        int offset = offset();
        if (broken || at != limit || !isDate(year, month, day) || hour > 23 || minute > 59 || second > 59) {
            return false;
        }
        seconds = ((epochDay(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset;
        return true;
    }

    private static boolean isDate(int year, int month, int day) {
        if (month < 1 || month > 12 || day < 1) {
            return false;
        }
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return day <= (month == 2 && leap ? 29 : DAYS[month - 1]);
    }

    /** Days from 1970-01-01 in the proleptic Gregorian calendar, with years that begin in March. */
    private static long epochDay(int year, int month, int day) {
        int shifted = month <= 2 ? year - 1 : year;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return 365L * shifted
                + Math.floorDiv(shifted, 4)
                - Math.floorDiv(shifted, 100)
                + Math.floorDiv(shifted, 400)
                + dayOfYear
                - 719468;
    }

    private int digits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            int digit = at < limit ? bytes[at++] - '0' : -1;
            broken |= digit < 0 || digit > 9;
            value = value * 10 + digit;
        }
        return value;
    }

    private void skip(char wanted, char or) {
        broken |= at >= limit || bytes[at] != wanted && bytes[at] != or;
        at++;
    }

    private int fraction() {
        if (at >= limit || bytes[at] != '.') {
            return 0;
        }
        int first = ++at;
        int value = 0;
        for (; at < limit && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            if (at - first < 9) {
                value = value * 10 + (bytes[at] - '0');
            }
        }
        broken |= at == first;
        for (int i = at - first; i < 9; i++) {
            value *= 10;
        }
        return value;
    }

    /** In seconds. */
    private int offset() {
        if (at >= limit) {
            broken = true;
            return 0;
        }
        byte sign = bytes[at++];
        if (sign == 'Z' || sign == 'z') {
            return 0;
        }
        broken |= sign != '+' && sign != '-';
        int hours = digits(2);
        skip(':', ':');
        int minutes = digits(2);
        broken |= hours > 23 || minutes > 59;
        int offset = (hours * 60 + minutes) * 60;
        return sign == '-' ? -offset : offset;
    }
}
