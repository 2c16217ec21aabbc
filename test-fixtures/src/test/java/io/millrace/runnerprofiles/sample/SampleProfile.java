package io.millrace.runnerprofiles.sample;

/** The one door to Flink. */
public final class SampleProfile {
    org.apache.flink.sample.FlinkClass flink;
}
