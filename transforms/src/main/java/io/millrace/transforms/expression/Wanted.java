package io.millrace.transforms.expression;

import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import java.util.EnumSet;
import java.util.Set;

/** What the result of an expression is used for, and so which types it may have. */
enum Wanted {
    CONDITION("a bool", EnumSet.of(CelKind.BOOL)),
    TEXT(
            "a string, number, bool, bytes or null",
            EnumSet.of(
                    CelKind.STRING,
                    CelKind.INT,
                    CelKind.UINT,
                    CelKind.DOUBLE,
                    CelKind.BOOL,
                    CelKind.BYTES,
                    CelKind.NULL_TYPE)),
    TIME(
            "epoch milliseconds, RFC 3339 text or a timestamp",
            EnumSet.of(CelKind.INT, CelKind.DOUBLE, CelKind.STRING, CelKind.TIMESTAMP)),
    JSON("a value that JSON can hold", EnumSet.complementOf(EnumSet.of(CelKind.TYPE)));

    private final String description;
    private final Set<CelKind> kinds;

    Wanted(String description, Set<CelKind> kinds) {
        this.description = description;
        this.kinds = kinds;
    }

    String description() {
        return description;
    }

    boolean admits(CelType type) {
        return type.kind() == CelKind.DYN || kinds.contains(type.kind());
    }
}
