package io.millrace.pipelines.router;

/**
 * How the sources of a pipeline are read.
 *
 * @param offsets where reads of Kafka before had come to, {@link io.millrace.io.kafka.KafkaEvents#offsets}
 * @param handedOver what routes have had already of what is read
 * @param asksNobody whether no broker is asked what there is to read: enough to know the steps of a pipeline, but not to run it on a
 *     cluster
 */
record Reads(String offsets, HandedOver handedOver, boolean asksNobody) {
    /** There was no read before. */
    static final String NO_OFFSETS = "{}";

    static final Reads ANEW = new Reads(NO_OFFSETS, HandedOver.NOTHING, false);
}
