package io.millrace.testfixtures.memcached;

import io.millrace.testfixtures.server.ServerRule;

/**
 * Lends a test the one memcached server of this JVM, started by the first test that asks. Keys of a test's own begin with
 * {@link #name}.
 *
 * <p>Usable as {@code @Rule} and as {@code @ClassRule}. A test may stop, kill or pause the server: where the rule is
 * applied next, it runs again. One that needs a server for itself alone takes {@link MemcachedNode#create}.
 */
public final class MemcachedRule extends ServerRule {
    @Override
    protected void makeReady() {
        Shared.running();
    }

    /** Leaves the server as it is: keys are the test's own, so nothing that is left behind is in the way. */
    @Override
    protected void tidyUp() {}

    /** The server that the tests of this JVM share, running. */
    public MemcachedNode server() {
        return Shared.SERVER;
    }

    private static final class Shared {
        static final MemcachedNode SERVER = MemcachedNode.create();

        static synchronized void running() {
            SERVER.process().resume();
            if (!SERVER.process().isRunning()) {
                SERVER.start();
            }
        }
    }
}
