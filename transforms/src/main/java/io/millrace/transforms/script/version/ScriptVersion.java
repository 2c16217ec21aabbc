package io.millrace.transforms.script.version;

import io.millrace.transforms.script.Script;

/**
 * An accepted version of a script.
 *
 * @param id the id of the record that brought it
 * @param script its text
 */
public record ScriptVersion(String id, Script script) {}
