package io.millrace.io.none;

import java.io.Serializable;

/** The sink that writes nothing has no settings. */
public record NoSink() implements Serializable {}
