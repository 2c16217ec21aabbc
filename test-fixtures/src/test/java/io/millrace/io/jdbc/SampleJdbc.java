package io.millrace.io.jdbc;

import com.zaxxer.hikari.sample.PoolClass;

/** The pool's own room. */
public final class SampleJdbc {
    PoolClass pool;
}
