package io.millrace.transforms.script;

import io.millrace.transforms.script.version.ScriptVersion;

/** One version of several, which processes every event whatever its time. */
final class FixedVersion implements Versions.InTask {
    private final VersionInUse version;

    private FixedVersion(VersionInUse version) {
        this.version = version;
    }

    static FixedVersion open(ScriptVersion version, ScriptLimits limits) {
        return new FixedVersion(VersionInUse.of(version, limits));
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
    }
}
