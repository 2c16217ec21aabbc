package io.millrace.benchmarks.expression;

import org.jspecify.annotations.Nullable;

/** A filter and a projection over one document after another; for one thread. */
interface Job {
    /** The projection of a document that passes the filter, null for one that does not. */
    byte @Nullable [] route(byte[] document) throws Refusal;
}
