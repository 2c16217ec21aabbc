package io.millrace.transforms.enricher;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of elements of whose key there is nothing.
 *
 * @param action what is done
 * @param defaultValue the value that they get by default
 */
record Misses<ValueT>(OnMiss action, @Nullable ValueT defaultValue) implements Serializable {}
