package io.millrace.testfixtures.history;

import io.millrace.testfixtures.server.ServerRule;

/**
 * Lends a test the one history service of this JVM, started by the first test that asks, answering all calls and with none recorded.
 *
 * <pre>{@code
 * @Rule public final HistoryRule history = new HistoryRule();
 *
 * @Test public void asksForEachProfileOnce() {
 *     history.service().behave(Behaviour.answer().after(Duration.ofMillis(50)));
 *     ...
 *     assertThat(history.service().calls(), ...);
 * }
 * }</pre>
 *
 * <p>Usable as {@code @Rule} and as {@code @ClassRule}. A test may stop, kill or pause the service: where the rule is
 * applied next, it runs again. One that needs a service for itself alone takes {@link HistoryService#create}.
 */
public final class HistoryRule extends ServerRule {
    @Override
    protected void makeReady() {
        Shared.running();
        service().behave();
        service().forgetCalls();
    }

    /** Leaves the service as it is: the next test finds it made ready. */
    @Override
    protected void tidyUp() {}

    /** The service that the tests of this JVM share, running. */
    public HistoryService service() {
        return Shared.SERVICE;
    }

    private static final class Shared {
        static final HistoryService SERVICE = HistoryService.create();

        static synchronized void running() {
            SERVICE.process().resume();
            if (!SERVICE.process().isRunning()) {
                SERVICE.start();
            }
        }
    }
}
