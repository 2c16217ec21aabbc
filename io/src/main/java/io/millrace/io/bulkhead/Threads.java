package io.millrace.io.bulkhead;

import java.util.concurrent.ThreadFactory;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.util.concurrent.ThreadFactoryBuilder;

/** Threads of a task, which do not keep its process alive. */
final class Threads {
    private Threads() {}

    static ThreadFactory named(String name) {
        return new ThreadFactoryBuilder()
                .setDaemon(true)
                .setNameFormat(name + "-%d")
                .build();
    }
}
