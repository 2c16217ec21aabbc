package io.millrace.io.console;

import java.io.Serializable;

/** Standard output has no settings. */
public record ConsoleSink() implements Serializable {}
