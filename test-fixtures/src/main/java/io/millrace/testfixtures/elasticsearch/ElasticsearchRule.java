package io.millrace.testfixtures.elasticsearch;

import io.millrace.testfixtures.server.ServerRule;

/**
 * Lends a test the one Elasticsearch node of this JVM, started by the first test that asks, with names of the test's own.
 *
 * <pre>{@code
 * @Rule public final ElasticsearchRule elasticsearch = new ElasticsearchRule();
 *
 * @Test public void indexesWhatWasRouted() {
 *     String plays = elasticsearch.name("plays");
 *     ...
 *     assertThat(elasticsearch.node().documents(plays), ...);
 * }
 * }</pre>
 *
 * <p>Usable as {@code @Rule} and as {@code @ClassRule}. A test may stop, kill or pause the node: where the rule is
 * applied next, it runs again. One that needs a node for itself alone takes {@link ElasticsearchNode#create}.
 */
public final class ElasticsearchRule extends ServerRule {
    @Override
    protected void makeReady() {
        Shared.running();
    }

    /** Leaves the node as it is: names are the test's own, so nothing that is left behind is in the way. */
    @Override
    protected void tidyUp() {}

    /** The node that the tests of this JVM share, running. */
    public ElasticsearchNode node() {
        return Shared.NODE;
    }

    private static final class Shared {
        static final ElasticsearchNode NODE = ElasticsearchNode.create();

        static synchronized void running() {
            NODE.process().resume();
            if (!NODE.process().isRunning()) {
                NODE.start();
            }
        }
    }
}
