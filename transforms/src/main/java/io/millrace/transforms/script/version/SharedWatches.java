package io.millrace.transforms.script.version;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** The watches of this process, and how many tasks use each. */
final class SharedWatches {
    private static final Map<VersionWatch.Settings, Use> WATCHES = new HashMap<>();

    private SharedWatches() {}

    static synchronized VersionWatch open(VersionWatch.Settings settings, Clock clock) {
        Use use = WATCHES.computeIfAbsent(settings, absent -> begin(absent, clock));
        use.tasks++;
        return use.watch;
    }

    private static Use begin(VersionWatch.Settings settings, Clock clock) {
        WatchThreads threads = new WatchThreads("millrace-script-" + settings.route());
        VersionWatch watch = new VersionWatch(
                settings, clock, VersionWatch.Waits.DEFAULT, System::nanoTime, threads.decisions(), threads.words());
        threads.read(watch::read);
        return new Use(watch, threads);
    }

    static synchronized void close(VersionWatch.Settings settings) {
        Use use = WATCHES.get(settings);
        if (use != null && --use.tasks == 0) {
            WATCHES.remove(settings);
            use.watch.stop();
            use.threads.end(use.watch::closeReader);
        }
    }

    private static final class Use {
        private final VersionWatch watch;
        private final WatchThreads threads;
        private int tasks;

        private Use(VersionWatch watch, WatchThreads threads) {
            this.watch = watch;
            this.threads = threads;
        }
    }
}
