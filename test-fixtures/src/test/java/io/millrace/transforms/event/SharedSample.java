package io.millrace.transforms.event;

/** What every pattern may know. */
public class SharedSample {}
