package io.millrace.transforms.expression;

/** The CEL null, so that collections can hold it. */
enum Null {
    NULL
}
