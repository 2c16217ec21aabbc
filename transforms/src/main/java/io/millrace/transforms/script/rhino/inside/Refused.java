package io.millrace.transforms.script.rhino.inside;

/** What a script gave cannot be taken. Never seen by the script. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
        super(message, null, false, false);
    }
}
