/**
 * What configuration is made of: how a setting is described, and how a reference to a secret is resolved.
 *
 * <p>A component of a configuration record carries {@link io.millrace.io.config.Setting}, which says what it means; whoever reads or
 * documents a spec needs nothing else. A secret is a reference until a worker opens its client, where
 * {@link io.millrace.io.config.References} puts the value in its place. {@code ReferencesTest} shows it.
 */
@NullMarked
package io.millrace.io.config;

import org.jspecify.annotations.NullMarked;
