/** What runs in the process of a reader of EVCache. */
@NullMarked
package io.millrace.testfixtures.evcachereader;

import org.jspecify.annotations.NullMarked;
