package io.millrace.transforms.script;

import io.millrace.transforms.script.version.VersionWatch;

/** One version of several, which processes every event whatever its time. */
final class FixedVersion implements Versions.InTask {
    private final VersionWatch watch;
    private final VersionInUse version;

    private FixedVersion(VersionWatch watch, VersionInUse version) {
        this.watch = watch;
        this.version = version;
    }

    /** Closes the watch with itself: meanwhile no other task of the process has to read the log anew. */
    static FixedVersion open(VersionWatch watch, String id, ScriptLimits limits) throws InterruptedException {
        try {
            return new FixedVersion(watch, VersionInUse.of(watch.version(id), limits));
        } catch (InterruptedException | RuntimeException | Error e) {
            watch.close();
            throw e;
        }
    }

    @Override
    public Versions.Version at(long timestampMillis) {
        return version;
    }

    @Override
    public void finishBundle() {}

    @Override
    public void close() {
        version.close();
        watch.close();
    }
}
