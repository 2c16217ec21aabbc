package io.millrace.transforms.expression;

import dev.cel.common.CelAbstractSyntaxTree;

/** An expression that parses and whose types agree. */
record Checked(String source, CelAbstractSyntaxTree tree) {}
