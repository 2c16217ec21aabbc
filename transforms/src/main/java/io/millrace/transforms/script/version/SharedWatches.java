package io.millrace.transforms.script.version;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** The watches of this process, and how many tasks use each. */
final class SharedWatches {
    private static final Map<VersionWatch.Settings, Use> WATCHES = new HashMap<>();

    private SharedWatches() {}

    static synchronized VersionWatch open(VersionWatch.Settings settings, Clock clock) {
        Use use = WATCHES.computeIfAbsent(settings, absent -> new Use(begin(absent, clock)));
        use.tasks++;
        return use.watch;
    }

    private static VersionWatch begin(VersionWatch.Settings settings, Clock clock) {
        WatchThreads threads = new WatchThreads("millrace-script-" + settings.route());
        VersionWatch watch = new VersionWatch(settings, clock, VersionWatch.Waits.DEFAULT, threads);
        threads.read(watch::read);
        return watch;
    }

    static synchronized void close(VersionWatch.Settings settings) {
        Use use = WATCHES.get(settings);
        if (use != null && --use.tasks == 0) {
            WATCHES.remove(settings);
            use.watch.threads().end(use.watch::closeReader);
        }
    }

    private static final class Use {
        private final VersionWatch watch;
        private int tasks;

        private Use(VersionWatch watch) {
            this.watch = watch;
        }
    }
}
