package io.millrace.io.files;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a path says about where it leads. */
final class Paths {
    private static final Pattern REMOTE = Pattern.compile("(?!file:)[a-zA-Z][a-zA-Z0-9+.-]+://.*", Pattern.DOTALL);
    private static final Pattern BUCKET = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+://[^/]*/?");
    private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

    private Paths() {}

    /** The path, if it is on the machine's own file system. */
    static Optional<String> local(String path) {
        return Optional.of(path).filter(given -> !REMOTE.matcher(given).matches());
    }

    /** The path without the scheme of local files, which Beam does not take off everywhere. */
    static String withoutFileScheme(String path) {
        return path.replaceFirst("^file:(//)?", "");
    }

    /** Whether a path names a bucket, or what else holds all there is at a remote place, and nothing in it. */
    static boolean isBucket(String path) {
        return BUCKET.matcher(path).matches();
    }

    /** Whether a path has parts that stand for others. */
    static boolean isGlob(String path) {
        return GLOB.matcher(path).find();
    }

    /** The longest parent of a glob that has no such parts, with its last {@code /}; empty if there is none. */
    static String parentOfGlob(String path) {
        Matcher glob = GLOB.matcher(path);
        String plain = glob.find() ? path.substring(0, glob.start()) : path;
        return plain.substring(0, plain.lastIndexOf('/') + 1);
    }
}
