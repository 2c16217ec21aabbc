package io.millrace.transforms.enricher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

public class PackedTableTest {
    private static final int CHUNK_BYTES = 1 << 18;

    private final PackedTable.Builder builder = PackedTable.builder();

    private void put(String key, String value) {
        builder.put(key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private static String text(byte[] value) {
        return new String(value, UTF_8);
    }

    @Test
    public void aKeyHasTheValueThatWasPut() {
        put("a", "one");
        put("", "nothing");
        put("ä😀", "");
        PackedTable table = builder.build();

        assertThat(text(table.get("a")), is("one"));
        assertThat(text(table.get("")), is("nothing"));
        assertThat(text(table.get("ä😀")), is(""));
        assertThat(table.get("b"), is(nullValue()));
        assertThat(table.rows(), is(3L));
    }

    @Test
    public void anEmptyTableHasNothing() {
        PackedTable table = builder.build();

        assertThat(table.get("a"), is(nullValue()));
        assertThat(table.rows(), is(0L));
    }

    @Test
    public void ofADoubledKeyTheLastValueIsFound() {
        put("a", "one");
        put("a", "two");
        put("b", "one");
        put("a", "three");
        PackedTable table = builder.build();

        assertThat(text(table.get("a")), is("three"));
        assertThat(table.rows(), is(2L));
        assertThat(builder.doubled(), is(2L));
    }

    @Test
    public void aValueThatWasGivenIsTheReceiversOwn() {
        put("a", "one");
        PackedTable table = builder.build();

        table.get("a")[0] = '?';

        assertThat(text(table.get("a")), is("one"));
    }

    /** Sizes on both sides of where a length takes a byte more, and a row an array of its own. */
    @Test
    public void rowsOfAllSizesAreFound() {
        int[] sizes = {0, 1, 127, 128, 16_383, 16_384, CHUNK_BYTES - 11, CHUNK_BYTES, CHUNK_BYTES + 1, 2_097_152};
        for (int key : sizes) {
            for (int value : sizes) {
                put("k".repeat(key), "small");
                put("k".repeat(key) + value, "v".repeat(value));
            }
        }
        PackedTable table = builder.build();

        for (int key : sizes) {
            assertThat(text(table.get("k".repeat(key))), is("small"));
            for (int value : sizes) {
                assertThat(table.get("k".repeat(key) + value).length, is(value));
            }
        }
    }

    @Test
    public void findsWhatAMapFinds() {
        Random random = new Random(42);
        Map<String, String> expected = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            String key = Integer.toString(random.nextInt(200_000), 36);
            String value = Long.toString(random.nextLong()).repeat(random.nextInt(4));
            expected.put(key, value);
            put(key, value);
        }
        PackedTable table = builder.build();

        assertThat(table.rows(), is((long) expected.size()));
        for (int i = 0; i < 200_000; i++) {
            String key = Integer.toString(i, 36);
            byte[] value = table.get(key);
            assertThat(key, value == null ? null : text(value), is(expected.get(key)));
        }
    }

    @Test
    public void aRowOfAMillionTakesAFewBytesBeyondItsOwn() {
        long own = 0;
        for (int i = 0; i < 1_000_000; i++) {
            byte[] key = ("video-" + i).getBytes(UTF_8);
            byte[] value = ("{\"id\":\"video-" + i + "\",\"title\":\"" + "t".repeat(i % 120) + "\"}").getBytes(UTF_8);
            own += key.length + value.length;
            builder.put(key, value);
        }
        PackedTable table = builder.build();

        double beyond = (table.bytes() - own) / 1e6;
        assertThat(beyond, is(allOf(greaterThan(10.0), lessThan(26.0))));
    }
}
