package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.util.List;

/** Reads what is written to a topic of replies from now on. */
final class TopicLogReplies implements ControlLog.Replies {
    private final OnePartition partition;

    TopicLogReplies(ControlTopic settings) {
        this.partition = OnePartition.fromEnd(settings, settings.repliesTopic());
    }

    @Override
    public List<ControlReply> read() throws IOException {
        return partition.read().stream()
                .filter(one -> one.value() != null)
                .flatMap(one -> ControlReply.find(new String(one.value(), UTF_8)).stream())
                .toList();
    }

    @Override
    public void close() {
        partition.close();
    }
}
