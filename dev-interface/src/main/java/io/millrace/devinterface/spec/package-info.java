/**
 * A pipeline's spec: YAML or JSON text in, records with parsed values out, or every problem of the text at once.
 *
 * <p>{@link io.millrace.devinterface.spec.SpecReader} reads; {@link io.millrace.devinterface.spec.RouterSpec} is what it gives.
 * Everything else follows from the records alone, whose components say with {@link io.millrace.io.config.Setting} what they mean:
 * the reading itself, the canonical JSON, the {@link io.millrace.devinterface.spec.SpecSchema JSON Schema} and the
 * {@link io.millrace.devinterface.spec.SpecReference reference}. Sinks come from the class path, with the settings that their own
 * records declare, so a user's sink is read, checked and documented like one that is built in. {@code SpecReaderTest} shows it.
 */
@NullMarked
package io.millrace.devinterface.spec;

import org.jspecify.annotations.NullMarked;
