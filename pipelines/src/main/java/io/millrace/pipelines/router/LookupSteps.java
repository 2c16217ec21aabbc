package io.millrace.pipelines.router;

/** The names of the steps of lookups, by which their state is known in a savepoint. */
public final class LookupSteps {
    private static final String PREFIX = "enrich-";
    private static final String KEEPING = "/Enrich/LookUp/";

    private LookupSteps() {}

    /** The name of the step of a route's lookup into a field. */
    static String name(String route, String into) {
        return PREFIX + route + "-" + into;
    }

    /** Whether a step is of a lookup of a route; or of one of a route whose name begins with this one's and a hyphen. */
    public static boolean isOf(String pipeline, String route, String step) {
        return step.startsWith(pipeline + "/" + name(route, ""));
    }

    /** The field into which a route's lookup looks something up, of a step that keeps values of it. */
    public static String into(String pipeline, String route, String step) {
        String into = step.substring((pipeline + "/" + name(route, "")).length());
        return into.substring(0, into.indexOf(KEEPING));
    }

    /** Whether a step reads a changelog. */
    public static boolean readsChangelog(String pipeline, String step) {
        return isOfAny(pipeline, step) && step.contains("/Changelog/");
    }

    /** Whether a step keeps values of a changelog, and the events that wait for it. */
    public static boolean keeps(String pipeline, String step) {
        return isOfAny(pipeline, step) && step.contains(KEEPING);
    }

    private static boolean isOfAny(String pipeline, String step) {
        return step.startsWith(pipeline + "/" + PREFIX);
    }
}
