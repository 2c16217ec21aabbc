package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Numbers of a scanned document, and comparison between the number types without loss. */
final class Numbers {
    /** What {@link #compare} answers when one side is not a number. */
    static final int UNORDERED = 2;

    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long EXACT_MANTISSA = 1L << 53;
    private static final double TWO_TO_63 = 0x1p63;
    private static final double TWO_TO_64 = 0x1p64;

    private Numbers() {}

    /** A number without fraction and exponent: an int if it fits, else a double. */
    static int integer(Frame frame, byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        if (to - first > 18) {
            return longInteger(frame, bytes, from, to);
        }
        long value = 0;
        int at = first;
        for (; at <= to - 8; at += 8) {
            value = value * 100_000_000 + eightDigits(Words.at(bytes, at));
        }
        for (; at < to; at++) {
            value = value * 10 + (bytes[at] - '0');
        }
        return frame.integer(negative ? -value : value);
    }

    /** What eight digits amount to: neighbours become pairs, then fours, then one number. */
    private static long eightDigits(long word) {
        long digits = word & 0x0f0f0f0f0f0f0f0fL;
        long pairs = digits * 10 + (digits >>> 8) & 0x00ff00ff00ff00ffL;
        long fours = pairs * 100 + (pairs >>> 16) & 0x0000ffff0000ffffL;
        return fours * 10_000 + (fours >>> 32) & 0xffffffffL;
    }

    private static int longInteger(Frame frame, byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        long least = negative ? Long.MIN_VALUE : -Long.MAX_VALUE;
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (value < least / 10 || value * 10 < least + digit) {
                return parsed(frame, bytes, from, to);
            }
            value = value * 10 - digit;
        }
        return frame.integer(negative ? value : -value);
    }

    /** A number with fraction or exponent, rounded to the nearest double; an error beyond the largest. */
    static int real(Frame frame, byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        long mantissa = 0;
        int scale = 0;
        int at = negative ? from + 1 : from;
        boolean fraction = false;
        for (; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit >= 0 && digit <= 9) {
                if (mantissa > (EXACT_MANTISSA - 9) / 10) {
                    return parsed(frame, bytes, from, to);
                }
                mantissa = mantissa * 10 + digit;
                scale -= fraction ? 1 : 0;
            } else if (bytes[at] == '.') {
                fraction = true;
            } else {
                break;
            }
        }
        if (at < to) {
            if (to - at > 5) {
                return parsed(frame, bytes, from, to);
            }
            scale += exponent(bytes, at + 1, to);
        }
        if (scale < -22 || scale > 22) {
            return parsed(frame, bytes, from, to);
        }
        double value = scale < 0 ? mantissa / POWERS_OF_TEN[-scale] : mantissa * POWERS_OF_TEN[scale];
        return frame.real(negative ? -value : value);
    }

    private static int exponent(byte[] bytes, int from, int to) {
        int exponent = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] >= '0') {
                exponent = exponent * 10 + (bytes[i] - '0');
            }
        }
        return bytes[from] == '-' ? -exponent : exponent;
    }

    private static int parsed(Frame frame, byte[] bytes, int from, int to) {
        double value = Double.parseDouble(latin(bytes, from, to));
        return Double.isInfinite(value) ? frame.fail("number out of range") : frame.real(value);
    }

    private static String latin(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    /** -1, 0, 1 or {@link #UNORDERED}, for two registers of number kinds. */
    static int compare(int leftKind, long leftNumber, double leftReal, int kind, long number, double real) {
        return switch (leftKind) {
            case Kind.INT ->
                switch (kind) {
                    case Kind.INT -> Long.compare(leftNumber, number);
                    case Kind.UINT -> intToUint(leftNumber, number);
                    default -> intToDouble(leftNumber, real);
                };
            case Kind.UINT ->
                switch (kind) {
                    case Kind.INT -> -intToUint(number, leftNumber);
                    case Kind.UINT -> Integer.signum(Long.compareUnsigned(leftNumber, number));
                    default -> uintToDouble(leftNumber, real);
                };
            default ->
                switch (kind) {
                    case Kind.INT -> reversed(intToDouble(number, leftReal));
                    case Kind.UINT -> reversed(uintToDouble(number, leftReal));
                    default -> doubles(leftReal, real);
                };
        };
    }

    private static int reversed(int order) {
        return order == UNORDERED ? UNORDERED : -order;
    }

    static int doubles(double left, double right) {
        return left < right ? -1 : left > right ? 1 : left == right ? 0 : UNORDERED;
    }

    private static int intToUint(long left, long right) {
        return left < 0 ? -1 : Integer.signum(Long.compareUnsigned(left, right));
    }

    static int intToDouble(long left, double right) {
        if (Double.isNaN(right)) {
            return UNORDERED;
        }
        if (right >= TWO_TO_63) {
            return -1;
        }
        if (right < -TWO_TO_63) {
            return 1;
        }
        long whole = (long) right;
        return left != whole ? Long.compare(left, whole) : doubles(0, right - whole);
    }

    private static int uintToDouble(long left, double right) {
        if (Double.isNaN(right)) {
            return UNORDERED;
        }
        if (right >= TWO_TO_64) {
            return -1;
        }
        if (right < 0) {
            return 1;
        }
        long whole = unsignedOf(right);
        return left != whole
                ? Integer.signum(Long.compareUnsigned(left, whole))
                : doubles(0, right < TWO_TO_63 ? right - whole : 0);
    }

    /** A double of at least 0 and below 2^64 without its fraction. */
    static long unsignedOf(double value) {
        return value < TWO_TO_63 ? (long) value : (long) (value - TWO_TO_63) + Long.MIN_VALUE;
    }
}
