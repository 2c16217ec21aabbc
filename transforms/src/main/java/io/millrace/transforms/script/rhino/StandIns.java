package io.millrace.transforms.script.rhino;

import java.text.Collator;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.mozilla.javascript.Token;

/**
 * What woven classes call in place of methods of the platform that run or allocate without a limit of their own: the same result, with
 * {@link Guard} told before. {@link Weaver} matches a method by its name and its parameters, of which the first is the receiver, or by
 * its name and all parameters where the original is static.
 *
 * <p>Public, because woven classes have a loader and so a package of their own.
 */
public final class StandIns {
    /** Searches of no more steps than this are left to the platform. */
    private static final long FEW_STEPS = 1 << 16;
    /** Texts of no more characters than this are left to the platform where it takes steps by their square. */
    private static final int PIECE = 1_024;

    private StandIns() {}

    /** The token of a variable in place of that of a constant. */
    public static int letForConst(int token) {
        return token == Token.CONST ? Token.LET : token; // these are constants, so no class of the engine is loaded
    }

    /** Tells what a text weighs that the platform has made. */
    public static String weighed(String text) {
        if (text != null && text.length() > 256) {
            Guard.weigh(text.length());
        }
        return text;
    }

    /** The platform sorts marks in a row by moving each to its place. */
    private static void weighMarks(CharSequence text) {
        long row = 0;
        long most = 0;
        for (int i = 0; i < text.length(); i++) {
            row = isMark(text.charAt(i)) ? row + 1 : 0;
            most = Math.max(most, row);
        }
        Guard.weigh(most * most);
    }

    private static boolean isMark(char c) {
        return switch (Character.getType(c)) {
            // Those beyond the basic plane come as surrogates.
            case Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** In place of the methods of instances. */
    public static final class Virtual {
        private Virtual() {}

        public static int indexOf(String text, String what) {
            return indexOf(text, what, 0);
        }

        public static int indexOf(String text, String what, int from) {
            weighed(text);
            if ((long) text.length() * what.length() <= FEW_STEPS) {
                return text.indexOf(what, from);
            }
            int last = text.length() - what.length();
            for (int at = Math.max(from, 0); at <= last; at++) {
                at = text.indexOf(what.charAt(0), at);
                if (at < 0 || at > last) {
                    return -1;
                }
                Guard.weigh(what.length());
                Guard.tick();
                if (text.startsWith(what, at)) {
                    return at;
                }
            }
            return -1;
        }

        public static int lastIndexOf(String text, String what) {
            return lastIndexOf(text, what, text.length());
        }

        public static int lastIndexOf(String text, String what, int from) {
            weighed(text);
            if ((long) text.length() * what.length() <= FEW_STEPS) {
                return text.lastIndexOf(what, from);
            }
            for (int at = Math.min(from, text.length() - what.length()); at >= 0; at--) {
                at = text.lastIndexOf(what.charAt(0), at);
                if (at < 0) {
                    return -1;
                }
                Guard.weigh(what.length());
                Guard.tick();
                if (text.startsWith(what, at)) {
                    return at;
                }
            }
            return -1;
        }

        public static boolean contains(String text, CharSequence what) {
            return indexOf(text, what.toString(), 0) >= 0;
        }

        public static String replace(String text, CharSequence from, CharSequence to) {
            String what = from.toString();
            if (what.isEmpty() || (long) text.length() * Math.max(what.length(), to.length()) <= FEW_STEPS) {
                Guard.weigh((long) text.length() * (to.length() + 1));
                return text.replace(what, to);
            }
            StringBuilder replaced = new StringBuilder();
            int done = 0;
            for (int at = indexOf(text, what, 0); at >= 0; at = indexOf(text, what, done)) {
                Guard.weigh(at - done + to.length());
                Guard.tick();
                replaced.append(text, done, at).append(to);
                done = at + what.length();
            }
            Guard.weigh(text.length() - done);
            return replaced.append(text, done, text.length()).toString();
        }

        public static boolean equals(String text, Object other) {
            weighed(text);
            return text.equals(other);
        }

        public static int compareTo(String text, String other) {
            weighed(text);
            return text.compareTo(other);
        }

        public static boolean equalsIgnoreCase(String text, String other) {
            weighed(text);
            return text.equalsIgnoreCase(other);
        }

        public static boolean startsWith(String text, String what, int from) {
            weighed(what);
            return text.startsWith(what, from);
        }

        public static boolean startsWith(String text, String what) {
            weighed(what);
            return text.startsWith(what);
        }

        public static boolean endsWith(String text, String what) {
            weighed(what);
            return text.endsWith(what);
        }

        public static boolean regionMatches(String text, int at, String other, int from, int length) {
            Guard.weigh(length);
            return text.regionMatches(at, other, from, length);
        }

        public static boolean regionMatches(
                String text, boolean ignoreCase, int at, String other, int from, int length) {
            Guard.weigh(length);
            return text.regionMatches(ignoreCase, at, other, from, length);
        }

        public static int indexOf(String text, int what) {
            weighed(text);
            return text.indexOf(what);
        }

        public static int indexOf(String text, int what, int from) {
            weighed(text);
            return text.indexOf(what, from);
        }

        public static int lastIndexOf(String text, int what) {
            weighed(text);
            return text.lastIndexOf(what);
        }

        public static String concat(String text, String other) {
            Guard.weigh((long) text.length() + other.length());
            return text.concat(other);
        }

        public static char[] toCharArray(String text) {
            Guard.weigh(2L * text.length());
            return text.toCharArray();
        }

        public static String toLowerCase(String text, Locale locale) {
            Guard.weigh(2L * text.length());
            return text.length() <= PIECE ? text.toLowerCase(locale) : lowerCase(text, locale);
        }

        /**
         * The platform moves a text for each character that grows. But for Lithuanian this is one character alone; what it becomes has
         * the same effect on the sigma before it.
         */
        private static String lowerCase(String text, Locale locale) {
            return switch (locale.getLanguage()) {
                case "lt" -> inPieces(text, piece -> piece.toLowerCase(locale));
                case "tr", "az" -> text.toLowerCase(locale);
                default -> replace(text, "\u0130", "i\u0307").toLowerCase(locale);
            };
        }

        public static String toUpperCase(String text, Locale locale) {
            Guard.weigh(2L * text.length());
            return text.length() <= PIECE
                    ? text.toUpperCase(locale)
                    : inPieces(text, piece -> piece.toUpperCase(locale));
        }

        private static String inPieces(String text, UnaryOperator<String> change) {
            StringBuilder changed = new StringBuilder(text.length());
            int end;
            for (int at = 0; at < text.length(); at = end) {
                end = Math.min(at + PIECE, text.length());
                end -= end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? 1 : 0;
                append(changed, change.apply(text.substring(at, end)));
                Guard.tick();
            }
            return changed.toString();
        }

        public static String substring(String text, int from) {
            Guard.weigh(text.length() - from);
            return text.substring(from);
        }

        public static String substring(String text, int from, int to) {
            Guard.weigh(to - from);
            return text.substring(from, to);
        }

        public static StringBuilder append(StringBuilder builder, String text) {
            grow(builder, text == null ? 4 : text.length());
            return builder.append(text);
        }

        public static StringBuilder append(StringBuilder builder, CharSequence text) {
            grow(builder, text == null ? 4 : text.length());
            return builder.append(text);
        }

        public static StringBuilder append(StringBuilder builder, CharSequence text, int from, int to) {
            grow(builder, to - from);
            return builder.append(text, from, to);
        }

        public static StringBuilder append(StringBuilder builder, Object text) {
            return append(builder, String.valueOf(text));
        }

        public static StringBuilder append(StringBuilder builder, char[] text) {
            grow(builder, text.length);
            return builder.append(text);
        }

        public static StringBuilder append(StringBuilder builder, char[] text, int from, int length) {
            grow(builder, length);
            return builder.append(text, from, length);
        }

        public static StringBuilder insert(StringBuilder builder, int at, String text) {
            grow(builder, builder.length() + text.length());
            return builder.insert(at, text);
        }

        public static void ensureCapacity(StringBuilder builder, int capacity) {
            Guard.weigh(capacity);
            builder.ensureCapacity(capacity);
        }

        public static String toString(StringBuilder builder) {
            Guard.weigh(builder.length());
            return builder.toString();
        }

        /** A builder doubles when it grows, so a small piece may allocate much. */
        private static void grow(StringBuilder builder, int length) {
            int needed = builder.length() + length;
            Guard.weigh(needed > builder.capacity() ? 2L * needed : length);
        }

        public static int compare(Collator collator, String left, String right) {
            Guard.weigh(64L * ((long) left.length() + right.length()));
            weighMarks(left);
            weighMarks(right);
            return collator.compare(left, right);
        }
    }

    /** In place of static methods. */
    public static final class Static {
        private Static() {}

        public static long currentTimeMillis() {
            return Guard.now();
        }

        public static double random() {
            return Guard.random();
        }

        public static void arraycopy(Object from, int fromAt, Object to, int toAt, int length) {
            if (length > 256) {
                Guard.weigh(length);
            }
            System.arraycopy(from, fromAt, to, toAt, length);
        }

        public static Object[] copyOf(Object[] array, int length) {
            return Arrays.copyOf(array, Guard.size(length, 4));
        }

        public static int[] copyOf(int[] array, int length) {
            return Arrays.copyOf(array, Guard.size(length, 4));
        }

        public static double[] copyOf(double[] array, int length) {
            return Arrays.copyOf(array, Guard.size(length, 8));
        }

        public static byte[] copyOf(byte[] array, int length) {
            return Arrays.copyOf(array, Guard.size(length, 1));
        }

        public static Object[] copyOfRange(Object[] array, int from, int to) {
            Guard.size(to - from, 4);
            return Arrays.copyOfRange(array, from, to);
        }

        public static <T> void sort(T[] array, Comparator<? super T> order) {
            Guard.size(array.length, 4);
            Arrays.sort(array, (left, right) -> {
                Guard.tick();
                return order.compare(left, right);
            });
        }

        public static double parseDouble(String text) {
            weighed(text);
            return Double.parseDouble(text);
        }

        public static String normalize(CharSequence text, Normalizer.Form form) {
            Guard.weigh(8L * text.length());
            weighMarks(text);
            return Normalizer.normalize(text, form);
        }
    }
}
