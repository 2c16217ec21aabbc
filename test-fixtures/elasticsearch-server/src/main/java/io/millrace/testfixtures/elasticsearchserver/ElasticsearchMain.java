package io.millrace.testfixtures.elasticsearchserver;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.node.NodeValidationException;
import org.elasticsearch.transport.Netty4Plugin;

/** Runs one Elasticsearch node until the process is told to end. */
public final class ElasticsearchMain {

    private ElasticsearchMain() {}

    /** Arguments: the node's settings, each {@code name=value}. */
    public static void main(String[] arguments) throws NodeValidationException, InterruptedException {
        Settings.Builder settings = Settings.builder();
        for (String argument : arguments) {
            int nameEnd = argument.indexOf('=');
            settings.put(argument.substring(0, nameEnd), argument.substring(nameEnd + 1));
        }
        Node node = new NettyNode(settings.build());
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, end), "close-node"));
        node.start();
        end.await();
    }

    private static void close(Node node, CountDownLatch end) {
        try {
            node.close();
        } catch (IOException e) {
            System.err.println("the node did not close in good order: " + e);
        } finally {
            end.countDown();
        }
    }

    /** A node takes plugins of the class path by a constructor that is protected. */
    private static final class NettyNode extends Node {
        NettyNode(Settings settings) {
            super(
                    InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "node-1"),
                    List.of(Netty4Plugin.class),
                    true);
        }
    }
}
