package io.millrace.io.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a service answered.
 *
 * @param status its status
 * @param retryAfter its {@code Retry-After}
 * @param location where it redirects to
 * @param links its {@code Link}s
 * @param hasEnd whether it says where its body ends, so that half of it is not taken for the whole
 * @param body its body, or the beginning of one that is too large
 * @param whole whether that is the body as a whole
 */
record Answer(
        int status,
        @Nullable String retryAfter,
        @Nullable String location,
        List<String> links,
        boolean hasEnd,
        byte[] body,
        boolean whole) {}
