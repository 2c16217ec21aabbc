/** Files that come to the appliances of a CDN and go again, as events, as a full publish of a moment, and as what must be known at the end. */
@NullMarked
package io.millrace.testfixtures.assets;

import org.jspecify.annotations.NullMarked;
