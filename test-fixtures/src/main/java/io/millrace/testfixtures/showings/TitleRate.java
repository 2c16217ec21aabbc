package io.millrace.testfixtures.showings;

import java.time.Instant;

/**
 * How often a title was shown within a window, and how often somebody played it then.
 *
 * @param titleId the title
 * @param windowStart when the window begins
 * @param impressions how many impressions have their time in the window
 * @param converted how many of those led to one play or more, each counted once
 */
public record TitleRate(String titleId, Instant windowStart, int impressions, int converted) {}
