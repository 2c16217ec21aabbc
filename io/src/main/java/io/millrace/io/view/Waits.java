package io.millrace.io.view;

import io.millrace.io.sink.Patience;
import java.io.Serializable;

/** How it is waited for what a message names. */
interface Waits extends Serializable {
    Patience with(String service);
}
