/**
 * A real Kafka broker for tests: {@link io.millrace.testfixtures.kafka.KafkaBroker} is one that a test owns,
 * {@link io.millrace.testfixtures.kafka.KafkaRule} lends every test of a JVM the same one, with names of its own.
 */
@NullMarked
package io.millrace.testfixtures.kafka;

import org.jspecify.annotations.NullMarked;
