package org.apache.flink.sample;

/** Stands for any class of Flink, which the fixtures' class path does not have. */
public class FlinkClass {}
