/**
 * Events out of Kafka's topics and into them.
 *
 * <p>{@link io.millrace.io.kafka.KafkaEvents#read} stands on Beam's {@code KafkaIO}, and gives it a consumer and a timestamp policy of
 * its own that share what each knows of a partition: so a partition that is idle, empty or at its stop is told from one whose broker
 * does not answer. {@link io.millrace.io.kafka.KafkaEvents#write} is a producer of its own that checks every send. {@code
 * KafkaRoundTripTest} shows both.
 */
@NullMarked
package io.millrace.io.kafka;

import org.jspecify.annotations.NullMarked;
