/**
 * Lookups in services that speak HTTP and JSON: {@link io.millrace.io.http.HttpLookup} says which, and what each answer means.
 * {@code HttpLookupTest} and {@code HttpEnrichTest} show it.
 */
@NullMarked
package io.millrace.io.http;

import org.jspecify.annotations.NullMarked;
