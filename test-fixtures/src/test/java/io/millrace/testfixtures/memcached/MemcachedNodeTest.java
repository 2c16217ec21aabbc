package io.millrace.testfixtures.memcached;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import org.junit.Rule;
import org.junit.Test;

/** The server is a real one: it takes what memcached takes, also after a crash. */
public class MemcachedNodeTest {
    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    @Test
    public void takesValuesAlsoAfterACrash() {
        MemcachedNode server = memcached.server();
        server.set(memcached.name("a"), "{}");
        String address = server.address();

        server.kill();
        server.start();

        server.set(memcached.name("a"), "{}");
        assertThat(server.address(), is(address));
    }

    @Test
    public void saysWhatItDoesNotTake() {
        IllegalStateException failure = assertThrows(
                IllegalStateException.class, () -> memcached.server().set("a b", "{}"));
        assertThat(failure.getMessage(), startsWith("set a b: "));
    }
}
