package io.millrace.transforms.expression;

/** A CEL type as a value. */
record TypeName(String name) {}
