package io.millrace.devinterface.spec;

/** Which of the left events within its bounds a right one is given. */
public enum Credit {
    ALL,
    FIRST,
    LAST
}
