package io.millrace.transforms.expression;

/**
 * That a place of the document is one of some constants.
 *
 * @param field what reads the place
 * @param constants the constants
 */
record Membership(Fields.Field field, ConstantSet constants) {}
