/**
 * Scripts on the command line: tried on sample events, published to a control log, and what became of them.
 *
 * <p>{@code ScriptTestCommandTest} shows what a person sees.
 */
@NullMarked
package io.millrace.pipelines.script;

import org.jspecify.annotations.NullMarked;
