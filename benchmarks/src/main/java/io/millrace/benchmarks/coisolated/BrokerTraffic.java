package io.millrace.benchmarks.coisolated;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What a broker has sent to consumers, by its own metrics. */
final class BrokerTraffic implements AutoCloseable {
    private static final String BYTES_OUT = "kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec";

    private final JMXConnector connector;
    private final MBeanServerConnection metrics;

    private BrokerTraffic(JMXConnector connector, MBeanServerConnection metrics) {
        this.connector = connector;
        this.metrics = metrics;
    }

    /** Of a broker that runs on this machine. */
    @SuppressWarnings("BanJNDI") // what answers is a process that we have started
    static BrokerTraffic of(KafkaBroker broker) {
        try {
            VirtualMachine machine =
                    VirtualMachine.attach(Long.toString(broker.process().pid()));
            try {
                JMXConnector connector =
                        JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
                return new BrokerTraffic(connector, connector.getMBeanServerConnection());
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IllegalStateException("a broker must let its metrics be read", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many bytes it has sent to consumers since it started, over all topics. */
    long bytesOut() {
        try {
            return ((Number) metrics.getAttribute(new ObjectName(BYTES_OUT), "Count")).longValue();
        } catch (JMException e) {
            throw new IllegalStateException("a broker must tell what it has sent", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
