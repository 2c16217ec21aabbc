package io.millrace.testfixtures.kafka;

import io.millrace.testfixtures.server.ServerRule;
import java.util.Map;

/**
 * Lends a test the one Kafka broker of this JVM, started by the first test that asks, with names of the test's own.
 *
 * <pre>{@code
 * @Rule public final KafkaRule kafka = new KafkaRule();
 *
 * @Test public void readsWhatWasWritten() {
 *     String plays = kafka.topic("plays", 8);
 *     kafka.broker().produceTexts(plays, "{}");
 *     ...
 * }
 * }</pre>
 *
 * <p>Usable as {@code @Rule} and as {@code @ClassRule}. A test may stop, kill or pause the broker: where the rule is
 * applied next, it runs again. One that needs a broker for itself alone takes {@link KafkaBroker#create}.
 */
public final class KafkaRule extends ServerRule {
    @Override
    protected void makeReady() {
        Shared.running();
    }

    /** Leaves the broker as it is: names are the test's own, so nothing that is left behind is in the way. */
    @Override
    protected void tidyUp() {}

    /** The broker that the tests of this JVM share, running. */
    public KafkaBroker broker() {
        return Shared.BROKER;
    }

    /** Where clients reach the broker. */
    public String bootstrapServers() {
        return broker().bootstrapServers();
    }

    /** Creates a topic of one partition that no other test has, and answers its name. */
    public String topic(String name) {
        return topic(name, 1);
    }

    /** Creates a topic that no other test has, and answers its name. */
    public String topic(String name, int partitions) {
        return topic(name, partitions, Map.of());
    }

    /** Creates a topic that no other test has, with settings of its own, and answers its name. */
    public String topic(String name, int partitions, Map<String, String> settings) {
        String unique = name(name);
        broker().createTopic(unique, partitions, settings);
        return unique;
    }

    private static final class Shared {
        static final KafkaBroker BROKER = KafkaBroker.create();

        static synchronized void running() {
            BROKER.process().resume();
            if (!BROKER.process().isRunning()) {
                BROKER.start();
            }
        }
    }
}
