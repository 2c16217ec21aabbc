package io.millrace.transforms.script.version;

import io.millrace.transforms.event.SharedInProcess;
import java.time.Clock;

/** The watches of this process, which tasks with equal settings share. */
final class SharedWatches {
    private static final SharedInProcess<VersionWatch.Settings, Running> WATCHES = new SharedInProcess<>();

    private SharedWatches() {}

    static VersionWatch open(VersionWatch.Settings settings, Clock clock) {
        return WATCHES.open(settings, () -> begin(settings, clock)).watch;
    }

    private static Running begin(VersionWatch.Settings settings, Clock clock) {
        WatchThreads threads = new WatchThreads("millrace-script-" + settings.route());
        VersionWatch watch = new VersionWatch(
                settings, clock, VersionWatch.Waits.DEFAULT, System::nanoTime, threads.decisions(), threads.words());
        threads.read(watch::read);
        return new Running(watch, threads);
    }

    static void close(VersionWatch.Settings settings) {
        WATCHES.close(settings, Running::end);
    }

    private record Running(VersionWatch watch, WatchThreads threads) {
        void end() {
            watch.stop();
            threads.end(watch::closeReader);
        }
    }
}
