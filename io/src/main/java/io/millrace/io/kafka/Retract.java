package io.millrace.io.kafka;

/** What becomes of the records of a topic whose results a rewind or a restatement has not made again. */
public enum Retract {
    /** They stay. */
    NONE,
    /** Each is followed by a record that takes it back. */
    RECORD,
    /** Each key whose last record is such a one is followed by a tombstone. */
    TOMBSTONE
}
