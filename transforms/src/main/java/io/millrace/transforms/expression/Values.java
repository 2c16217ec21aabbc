package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Equality, order and look-up of boxed CEL values. */
final class Values {
    private Values() {}

    static int kindOf(Object value) {
        if (value instanceof String) {
            return Kind.STRING;
        } else if (value instanceof Long) {
            return Kind.INT;
        } else if (value instanceof Double) {
            return Kind.DOUBLE;
        } else if (value instanceof Boolean bool) {
            return Kind.of(bool);
        } else if (value instanceof Map) {
            return Kind.MAP;
        } else if (value instanceof List) {
            return Kind.LIST;
        }
        return rareKindOf(value);
    }

    private static int rareKindOf(Object value) {
        if (value instanceof Null) {
            return Kind.NULL;
        } else if (value instanceof Unsigned) {
            return Kind.UINT;
        } else if (value instanceof Bytes) {
            return Kind.BYTES;
        } else if (value instanceof Instant) {
            return Kind.TIMESTAMP;
        } else if (value instanceof Duration) {
            return Kind.DURATION;
        } else if (value instanceof TypeName) {
            return Kind.TYPE;
        }
        throw new IllegalArgumentException("value must be of CEL, but was a " + value.getClass());
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Unsigned;
    }

    /** Values of different types are not equal, except that numbers compare by what they amount to. */
    static boolean equal(Object left, Object right) {
        if (isNumber(left)) {
            return isNumber(right) && compareNumbers(left, right) == 0;
        }
        if (left instanceof List<?> list) {
            return right instanceof List<?> other && equalLists(list, other);
        }
        if (left instanceof Map<?, ?> map) {
            return right instanceof Map<?, ?> other && equalMaps(map, other);
        }
        return left.equals(right);
    }

    private static boolean equalLists(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        Iterator<?> others = right.iterator();
        for (Object element : left) {
            if (!equal(element, others.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalMaps(Map<?, ?> left, Map<?, ?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : left.entrySet()) {
            Object other = find(right, entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** The value of a key; a number finds the same number of another type. */
    static @Nullable Object find(Map<?, ?> map, Object key) {
        Object value = map.get(key);
        if (value != null || !isNumber(key)) {
            return value;
        }
        Object whole = wholeNumber(key);
        if (whole == null) {
            return null;
        }
        value = map.get(whole);
        return value == null && whole instanceof Long l && l >= 0 ? map.get(new Unsigned(l)) : value;
    }

    /** A number as an int, or as a uint beyond the ints; null if it is neither. */
    static @Nullable Object wholeNumber(Object number) {
        if (number instanceof Double real) {
            return wholeNumber(real.doubleValue());
        }
        return number instanceof Unsigned uint && uint.bits() >= 0 ? (Object) uint.bits() : number;
    }

    private static @Nullable Object wholeNumber(double real) {
        if (real != Math.rint(real) || Double.isInfinite(real)) {
            return null;
        }
        if (real >= -0x1p63 && real < 0x1p63) {
            return (long) real;
        }
        return real >= 0 && real < 0x1p64 ? new Unsigned(Numbers.unsignedOf(real)) : null;
    }

    static boolean contains(List<?> list, Object wanted) {
        for (Object element : list) {
            if (equal(element, wanted)) {
                return true;
            }
        }
        return false;
    }

    static int compareNumbers(Object left, Object right) {
        return Numbers.compare(kindOf(left), bits(left), real(left), kindOf(right), bits(right), real(right));
    }

    private static long bits(Object number) {
        return number instanceof Long l ? l : number instanceof Unsigned u ? u.bits() : 0;
    }

    private static double real(Object number) {
        return number instanceof Double d ? d : 0;
    }

    /** -1, 0, 1 or {@link Numbers#UNORDERED}; fails for types that have no order among each other. */
    static int compare(Object left, Object right, String operator) throws Failure {
        if (isNumber(left) && isNumber(right)) {
            return compareNumbers(left, right);
        }
        if (left instanceof String l && right instanceof String r) {
            return compareStrings(l, r);
        }
        if (left instanceof Boolean l && right instanceof Boolean r) {
            return Boolean.compare(l, r);
        }
        if (left instanceof Bytes l && right instanceof Bytes r) {
            return Integer.signum(l.compareTo(r));
        }
        if (left instanceof Instant l && right instanceof Instant r) {
            return Integer.signum(l.compareTo(r));
        }
        if (left instanceof Duration l && right instanceof Duration r) {
            return Integer.signum(l.compareTo(r));
        }
        throw Failure.noOverload(operator, left, right);
    }

    /** By code point, which UTF-8 keeps and UTF-16 does not. */
    private static int compareStrings(String left, String right) {
        return Integer.signum(Arrays.compareUnsigned(left.getBytes(UTF_8), right.getBytes(UTF_8)));
    }
}
