package io.millrace.testfixtures.join;

import java.util.ArrayList;
import java.util.List;

/**
 * What a join is told, and what happens to it; times and spans are in milliseconds.
 *
 * @param leftFirst how long before a right element a left one may be
 * @param rightFirst how long behind a right element a left one may be
 * @param allowedLateness how far behind the watermark an element may be
 * @param leftGranule left elements of such a span may be merged; 0 for none
 * @param rightGranule right elements of such a span are one; 0 for none
 * @param credit which left elements a right one is given
 * @param creditsOnce whether a left element is given to one right one at most
 * @param steps what happens
 */
public record JoinCase(
        long leftFirst,
        long rightFirst,
        long allowedLateness,
        long leftGranule,
        long rightGranule,
        Credit credit,
        boolean creditsOnce,
        List<Step> steps) {

    /** The same, in which other things happen. */
    public JoinCase withSteps(List<Step> others) {
        return new JoinCase(
                leftFirst, rightFirst, allowedLateness, leftGranule, rightGranule, credit, creditsOnce, others);
    }

    /** The same, with each left element given to every right one that it belongs to. */
    public JoinCase withoutCreditsOnce() {
        return new JoinCase(leftFirst, rightFirst, allowedLateness, leftGranule, rightGranule, credit, false, steps);
    }

    /** The same, with no lateness allowed. */
    public JoinCase withoutAllowedLateness() {
        return new JoinCase(leftFirst, rightFirst, 0, leftGranule, rightGranule, credit, creditsOnce, steps);
    }

    /** The same, without the elements that are late. */
    public JoinCase withoutLateOnes() {
        List<Step> others = new ArrayList<>();
        long watermark = Long.MIN_VALUE / 2;
        for (Step step : steps) {
            if (step instanceof Watermark moved) {
                watermark = moved.time();
            }
            if (!(step instanceof Arrival arrival) || arrival.time() >= watermark - allowedLateness) {
                others.add(step);
            }
        }
        return withSteps(others);
    }

    /** Which of the left elements within its bounds a right one is given. */
    public enum Credit {
        ALL,
        FIRST,
        LAST
    }

    /** What happens. */
    public sealed interface Step {}

    /**
     * An element comes.
     *
     * @param isLeft whether it is of the left input
     * @param key its key
     * @param time its event time
     * @param name what it is known by: elements of one name, side, key and time are duplicates
     */
    public record Arrival(boolean isLeft, String key, long time, String name) implements Step {

        /** The element as a word that {@link #parse} reads. */
        public String text() {
            return (isLeft ? "left" : "right") + " " + key + " " + time + " " + name;
        }

        /** The element as it is said to be late. */
        public String late() {
            return "late " + (isLeft ? "left " : "right ") + key + " " + name + "@" + time;
        }

        /** The element of a {@link #text}. */
        public static Arrival parse(String text) {
            String[] words = text.split(" ");
            return new Arrival(words[0].equals("left"), words[1], Long.parseLong(words[2]), words[3]);
        }
    }

    /** The watermark moves on. */
    public record Watermark(long time) implements Step {}
}
