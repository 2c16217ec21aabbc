package io.millrace.io.http;

import org.jspecify.annotations.Nullable;

/**
 * What a service answered.
 *
 * @param status its status
 * @param retryAfter its {@code Retry-After}
 * @param location where it redirects to
 * @param body its body, or the beginning of one that is too large
 * @param whole whether that is the body as a whole
 */
record Answer(
        int status, @Nullable String retryAfter, @Nullable String location, byte[] body, boolean whole) {}
