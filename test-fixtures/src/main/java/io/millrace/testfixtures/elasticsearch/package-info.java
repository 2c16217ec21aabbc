/**
 * A real Elasticsearch node for tests: {@link io.millrace.testfixtures.elasticsearch.ElasticsearchNode} is one that a test owns,
 * {@link io.millrace.testfixtures.elasticsearch.ElasticsearchRule} lends every test of a JVM the same one, with names of its own.
 */
@NullMarked
package io.millrace.testfixtures.elasticsearch;

import org.jspecify.annotations.NullMarked;
