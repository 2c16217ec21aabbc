package io.millrace.transforms.samplepattern;

import com.spotify.folsom.sample.CacheClientClass;
import com.zaxxer.hikari.sample.PoolClass;
import io.millrace.transforms.otherpattern.OtherPattern;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.flink.sample.FlinkClass;
import org.apache.kafka.common.TopicPartition;

/** One class for every way to break a rule. */
@SuppressWarnings({"JavaUtilDate", "JodaConstructors", "UnusedVariable"})
public final class Violations {

    private Violations() {}

    static final class KnowsAnotherPattern {
        OtherPattern other;
    }

    static final class KnowsARunner {
        DirectRunner runner;
    }

    static final class KnowsFlink {
        FlinkClass flink;
    }

    static final class KnowsKafka {
        TopicPartition partition;
    }

    static final class KnowsFolsom {
        CacheClientClass client;
    }

    static final class KnowsHikari {
        PoolClass pool;
    }

    static final class KnowsAModuleAbove {
        io.millrace.pipelines.sample.SamplePipeline pipeline;
    }

    static final class Sleeps {
        void onAThread() throws InterruptedException {
            Thread.sleep(1);
        }

        void onATimeUnit() throws InterruptedException {
            TimeUnit.SECONDS.sleep(1);
        }

        void parked() {
            LockSupport.parkNanos(1);
        }
    }

    static final class ReadsABoundedSource {
        Object itself(BoundedSource<String> source) {
            return Read.from(source);
        }

        Object sequence() {
            return GenerateSequence.from(0).to(2);
        }

        Object elements() {
            return Create.of(List.of("a", "b"));
        }

        Object entries() {
            return Create.of(Map.of("a", "b"));
        }

        Object anElement() {
            return Create.of("a");
        }

        Object unboundedSource(UnboundedSource<String, ?> source) {
            return Read.from(source);
        }
    }

    static final class ReadsTheClock {
        Object millis() {
            return System.currentTimeMillis();
        }

        Object reference() {
            LongSupplier millis = System::currentTimeMillis;
            return millis;
        }

        Object instant() {
            return Instant.now();
        }

        Object instantReference() {
            Supplier<Instant> now = Instant::now;
            return now;
        }

        Object local() {
            return LocalDateTime.now(ZoneId.of("UTC"));
        }

        Object clock() {
            return Clock.systemUTC();
        }

        Object date() {
            return new Date();
        }

        Object joda() {
            return org.joda.time.Instant.now();
        }

        Object newJoda() {
            return new org.joda.time.Instant();
        }
    }

    public static class PublicFn extends DoFn<String, String> {}

    static final class MutableTransform extends PTransform<PCollection<String>, PCollection<String>> {
        private int size;

        @Override
        public PCollection<String> expand(PCollection<String> input) {
            size++;
            return input;
        }
    }

    static final class HasAMain {
        public static void main(String[] arguments) {}
    }
}
