/**
 * Events into Elasticsearch.
 *
 * <p>{@link io.millrace.io.elasticsearch.ElasticsearchEvents} writes them as documents under ids and versions of our own, so that a
 * repeated write changes nothing and an old one loses to a newer. {@code ElasticsearchWriteTest} shows it.
 */
@NullMarked
package io.millrace.io.elasticsearch;

import org.jspecify.annotations.NullMarked;
