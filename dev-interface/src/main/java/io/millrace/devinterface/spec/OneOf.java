package io.millrace.devinterface.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Exactly one of the named components is written. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface OneOf {
    /** The components' names. */
    String[] value();
}
