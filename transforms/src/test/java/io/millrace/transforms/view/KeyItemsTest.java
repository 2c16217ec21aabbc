package io.millrace.transforms.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.Test;

/** How much of a full publish a key takes. */
public class KeyItemsTest {
    private static final KeyItems.Limits TWO = new KeyItems.Limits(2, 4);

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static boolean publish(KeyItems items, String name, String value) {
        return items.publish(bytes(name), bytes(value), 1, TWO);
    }

    private static List<String> published(KeyItems items) {
        items.complete(1, 10, true, 0);
        return items.values().stream().map(value -> new String(value, UTF_8)).toList();
    }

    @Test
    public void takesAsManyItemsAndBytesAsAKeyMayHave() {
        KeyItems items = KeyItems.none();

        assertThat(publish(items, "a", "1"), is(true));
        assertThat(publish(items, "b", "2222"), is(false));
        assertThat(publish(items, "b", "222"), is(true));
        assertThat(publish(items, "c", ""), is(false));
        assertThat(published(items), contains("1", "222"));
    }

    @Test
    public void anItemThatComesTwiceTakesTheRoomOfOne() {
        KeyItems items = KeyItems.none();
        publish(items, "a", "11");
        publish(items, "b", "11");

        assertThat(publish(items, "b", "22"), is(true));
        assertThat(published(items), contains("11", "22"));
    }

    @Test
    public void whatIsKnownAlreadyTakesRoomInAPublishToo() {
        KeyItems items = KeyItems.none();
        publish(items, "a", "1111");
        published(items);

        assertThat(items.publish(bytes("a"), bytes("1111"), 2, TWO), is(true));
        assertThat(items.publish(bytes("b"), bytes("2"), 2, TWO), is(false));
    }
}
