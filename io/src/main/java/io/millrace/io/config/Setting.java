package io.millrace.io.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one component of a configuration record: the reference, the JSON Schema and the reader of specs are made from it.
 *
 * <p>A component without a default is required, unless it is annotated {@code @Nullable}, or is an {@code Optional}.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
    /** What it means, in one or two sentences, with its unit. */
    String value();

    /** The default, as it would be written in a spec; empty if there is none. */
    String byDefault() default "";

    /** An example, as it would be written in a spec. */
    String example() default "";
}
