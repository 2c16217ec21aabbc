package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.Test;

public class NumbersTest {
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

    private final Frame frame = new Frame(new Slots(0), 0);

    @Test
    public void readsIntsUpToTheirBounds() {
        assertThat(read("0"), is(0L));
        assertThat(read("-0"), is(0L));
        assertThat(read("999999999999999999"), is(999999999999999999L));
        assertThat(read("9223372036854775807"), is(Long.MAX_VALUE));
        assertThat(read("-9223372036854775808"), is(Long.MIN_VALUE));
        assertThat(read("9223372036854775808"), is(9223372036854775808.0));
        assertThat(read("-9223372036854775809"), is(-9223372036854775809.0));
        assertThat(read("1" + "0".repeat(400)), is("number out of range"));
    }

    @Test
    public void readsIntsOfAnyLengthAsTheJdkDoes() {
        Random random = new Random(20261122);
        for (int i = 0; i < 200_000; i++) {
            long number = random.nextLong() >> random.nextInt(64);
            assertThat(read(Long.toString(number)), is(number));
        }
    }

    @Test
    public void readsDoublesAsTheJdkDoes() {
        Random random = new Random(20261122);
        for (int i = 0; i < 200_000; i++) {
            String text = (random.nextBoolean() ? "-" : "")
                    + new BigInteger(1 + random.nextInt(70), random)
                    + (random.nextInt(4) == 0 ? "" : "." + new BigInteger(1 + random.nextInt(60), random))
                    + (random.nextInt(3) > 0 ? "" : (random.nextBoolean() ? "e" : "E+") + random.nextInt(30))
                    + (random.nextInt(9) > 0 ? "" : "");
            String real = text.matches(".*[.eE].*") ? text : text + "e-" + random.nextInt(30);
            assertThat(real, read(real), is(Double.parseDouble(real)));
        }
    }

    @Test
    public void failsBeyondTheLargestDouble() {
        assertThat(read("1e309"), is("number out of range"));
        assertThat(read("-1.5E+400"), is("number out of range"));
        assertThat(read("1e-400"), is(0.0));
        assertThat(read("1e99999999999"), is("number out of range"));
    }

    @Test
    public void comparesNumbersOfDifferentTypesExactly() {
        Random random = new Random(20261122);
        for (int i = 0; i < 200_000; i++) {
            Object left = number(random);
            Object right = random.nextInt(4) == 0 ? near(left, random) : number(random);
            assertThat(
                    left + " to " + right,
                    Values.compareNumbers(left, right),
                    is(exact(left).compareTo(exact(right))));
        }
    }

    @Test
    public void ordersNothingBesideNotANumber() {
        assertThat(Values.compareNumbers(Double.NaN, 1L), is(Numbers.UNORDERED));
        assertThat(Values.compareNumbers(1L, Double.NaN), is(Numbers.UNORDERED));
        assertThat(Values.compareNumbers(new Unsigned(1), Double.NaN), is(Numbers.UNORDERED));
        assertThat(Values.compareNumbers(Double.NaN, Double.NaN), is(Numbers.UNORDERED));
        assertThat(Values.compareNumbers(Double.NEGATIVE_INFINITY, Long.MIN_VALUE), is(-1));
        assertThat(Values.compareNumbers(new Unsigned(-1), Double.POSITIVE_INFINITY), is(-1));
    }

    @Test
    public void computesIntsExactlyOrFails() throws EvaluationException {
        Random random = new Random(20261122);
        for (int i = 0; i < 300; i++) {
            long a = random.nextLong() >> random.nextInt(64);
            long b = random.nextLong() >> random.nextInt(64);
            Events event = Events.document("{\"a\":" + a + ",\"b\":" + b + "}");
            assertOutcome(event, "event.a + event.b", BigInteger.valueOf(a).add(BigInteger.valueOf(b)));
            assertOutcome(event, "event.a - event.b", BigInteger.valueOf(a).subtract(BigInteger.valueOf(b)));
            assertOutcome(event, "event.a * event.b", BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)));
        }
        assertThat(Events.document("{}").value("-7 / 2"), is("-3"));
        assertThat(Events.document("{}").value("-7 % 2"), is("-1"));
        Events least = Events.document("{\"a\":-9223372036854775808,\"b\":-1}");
        assertOutcome(least, "event.a / event.b", BigInteger.ONE.shiftLeft(63));
        assertOutcome(least, "-event.a", BigInteger.ONE.shiftLeft(63));
    }

    @Test
    public void computesUintsExactlyOrFails() throws EvaluationException {
        Events event = Events.document("{}");
        assertThat(event.value("18446744073709551614u + 1u"), is("18446744073709551615"));
        assertThat(event.value("18446744073709551615u / 2u"), is("9223372036854775807"));
        assertThat(event.value("18446744073709551615u % 10u"), is("5"));
        assertThat(event.value("4294967295u * 4294967297u"), is("18446744073709551615"));
        assertThat(overflow(event, "18446744073709551615u + 1u"), is("integer overflow"));
        assertThat(overflow(event, "1u - 2u"), is("integer overflow"));
        assertThat(overflow(event, "4294967296u * 4294967296u"), is("integer overflow"));
        assertThat(overflow(event, "1u % 0u"), is("division by zero"));
    }

    private static void assertOutcome(Events event, String expression, BigInteger exact) throws EvaluationException {
        if (exact.bitLength() > 63) {
            assertThat(expression, overflow(event, expression), is("integer overflow"));
        } else {
            assertThat(expression, event.value(expression), is(exact.toString()));
        }
    }

    private static String overflow(Events event, String expression) {
        return assertThrows(EvaluationException.class, () -> event.value(expression))
                .getMessage();
    }

    private Object read(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        boolean whole = text.chars().allMatch(c -> c == '-' || Character.isDigit(c));
        int kind = whole ? Numbers.integer(frame, bytes, 0, bytes.length) : Numbers.real(frame, bytes, 0, bytes.length);
        return kind == Kind.ERROR ? frame.error : frame.boxed(kind);
    }

    private static Object number(Random random) {
        long bits = random.nextLong() >> random.nextInt(64);
        return switch (random.nextInt(4)) {
            case 0 -> bits;
            case 1 -> new Unsigned(bits);
            case 2 -> (double) bits + (random.nextBoolean() ? 0.5 : 0);
            default -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(70));
        };
    }

    private static Object near(Object number, Random random) {
        BigDecimal value = exact(number).add(BigDecimal.valueOf(random.nextInt(3) - 1));
        BigInteger whole = value.toBigInteger();
        return switch (random.nextInt(3)) {
            case 0 -> whole.bitLength() < 64 ? (Object) whole.longValue() : value.doubleValue();
            case 1 ->
                whole.signum() >= 0 && whole.bitLength() <= 64
                        ? (Object) new Unsigned(whole.longValue())
                        : value.doubleValue();
            default -> value.doubleValue();
        };
    }

    private static BigDecimal exact(Object number) {
        if (number instanceof Unsigned uint) {
            return new BigDecimal(BigInteger.valueOf(uint.bits()).mod(TWO_TO_64));
        }
        return number instanceof Long whole ? BigDecimal.valueOf(whole) : new BigDecimal((Double) number);
    }
}
