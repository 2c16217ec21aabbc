package io.millrace.transforms.script.version;

import java.time.Instant;

/**
 * An accepted control record.
 *
 * @param record the record's id
 * @param effectiveFrom from which event time on its version is in force
 * @param version the version
 * @param withdrawal whether Millrace put the version in force in place of one that failed
 */
public record Activation(String record, Instant effectiveFrom, ScriptVersion version, boolean withdrawal) {

    /** Whether this is the withdrawal of another. */
    boolean withdraws(Activation other) {
        return withdrawal && record.equals(ControlRecord.WITHDRAWN + other.record());
    }
}
