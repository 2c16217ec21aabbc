/** The main of the Elasticsearch node that {@code test-fixtures} starts. */
@NullMarked
package io.millrace.testfixtures.elasticsearchserver;

import org.jspecify.annotations.NullMarked;
