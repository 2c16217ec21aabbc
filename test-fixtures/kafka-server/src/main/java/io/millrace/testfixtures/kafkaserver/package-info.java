/** The main of the Kafka server's own JVM; {@code io.millrace.testfixtures.kafka} starts and uses it. */
@NullMarked
package io.millrace.testfixtures.kafkaserver;

import org.jspecify.annotations.NullMarked;
