package io.millrace.io.objects;

import java.io.Serializable;

/** Which failures of a file system may pass, so that what met one is worth another attempt. */
@FunctionalInterface
public interface TransientFailures extends Serializable {
    /** None: every failure is for whoever runs the pipeline. */
    TransientFailures NONE = failure -> false;

    /** Whether a failure is one of them. */
    boolean include(Exception failure);
}
