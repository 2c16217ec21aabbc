package io.millrace.benchmarks.script;

import org.jspecify.annotations.Nullable;

/** A filter and a map over one document after another, bytes in to bytes out; for one thread. */
interface Step {
    /** What came out; null of a document that is filtered out. */
    byte @Nullable [] run(byte[] document) throws Exception;
}
