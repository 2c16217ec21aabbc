/**
 * Views in stores: {@link io.millrace.io.view.ViewStore} is where a view is held, in zones that have a whole copy each, and
 * {@link io.millrace.io.view.WriteView} writes events there. A store of another kind is a package of its own that implements the port;
 * {@code EvCacheWriteTest} shows one.
 */
@NullMarked
package io.millrace.io.view;

import org.jspecify.annotations.NullMarked;
