/**
 * Lookups in services that speak HTTP and JSON: {@link io.millrace.io.http.HttpLookup} says which, and what each answer means.
 * {@code HttpLookupTest} and {@code HttpEnrichTest} show it. {@link io.millrace.io.http.HttpPublish} is everything that a service
 * has, in pages; {@code HttpPublishTest} shows that.
 */
@NullMarked
package io.millrace.io.http;

import org.jspecify.annotations.NullMarked;
