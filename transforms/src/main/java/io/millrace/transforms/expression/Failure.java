package io.millrace.transforms.expression;

/** An error in the sense of CEL, on its way out of plain Java code; without a stack trace. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    Failure(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    static Failure noOverload(String function, Object... arguments) {
        StringBuilder types = new StringBuilder();
        for (Object argument : arguments) {
            types.append(types.isEmpty() ? "" : ", ").append(Kind.typeName(Values.kindOf(argument)));
        }
        return new Failure("no such overload: " + function + "(" + types + ")");
    }
}
