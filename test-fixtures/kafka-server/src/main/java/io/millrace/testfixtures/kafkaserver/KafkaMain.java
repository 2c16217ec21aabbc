package io.millrace.testfixtures.kafkaserver;

import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * Runs a KRaft broker over the storage that a properties file names, formatted first if it is new.
 *
 * <p><i>Fails</i>: exits with the status of the format step if that is refused.
 */
public final class KafkaMain {

    private KafkaMain() {}

    /** Arguments: the cluster's id, the properties file. */
    public static void main(String[] arguments) {
        String clusterId = arguments[0];
        String properties = arguments[1];
        int status = StorageTool.execute(
                new String[] {"format", "--ignore-formatted", "--cluster-id", clusterId, "--config", properties},
                System.out);
        if (status != 0) {
            System.exit(status);
        }
        Kafka.main(new String[] {properties});
    }
}
