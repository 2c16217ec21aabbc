package io.millrace.transforms.script.rhino.inside;

import java.util.Map;

/** Names the part of the language that Rhino does not have, where its parser only says that it expected something else. */
final class Unsupported {
    private static final String ASYNCHRONOUS = " must not be used: a script has nothing to wait for";
    private static final String ONE_TEXT = " must not be used: a script is one text";
    private static final Map<String, String> WORDS = Map.of(
            "class", "a class must not be used: write functions and objects",
            "import", "import" + ONE_TEXT,
            "export", "export" + ONE_TEXT,
            "await", "await" + ASYNCHRONOUS);
    private static final String ASYNC = "async" + ASYNCHRONOUS;
    private static final String SPREAD =
            "... must stand in an array, an object or parameters, and not in a call: write f.apply(null, list)";
    private static final String REST = "... must not stand in a pattern: write list.slice(1) or the like";

    private Unsupported() {}

    /** A message of the parser about what stands at an offset, or a plainer one. */
    static String said(String source, int offset, String message) {
        if (offset < 0 || offset > source.length()) {
            return message;
        }
        if (source.startsWith("...", offset)) {
            return SPREAD;
        }
        if (source.startsWith("[", offset) && between(source, offset, ']').contains("...")) {
            return REST;
        }
        String word = wordAt(source, offset);
        boolean async = word.equals("async") || wordBefore(source, offset).equals("async");
        return async ? ASYNC : WORDS.getOrDefault(word, message);
    }

    private static String between(String source, int from, char last) {
        int to = source.indexOf(last, from);
        return to < 0 ? "" : source.substring(from, to);
    }

    private static String wordAt(String source, int from) {
        int to = from;
        while (to < source.length() && Character.isJavaIdentifierPart(source.charAt(to))) {
            to++;
        }
        return source.substring(from, to);
    }

    private static String wordBefore(String source, int offset) {
        int space = offset;
        while (space > 0 && Character.isWhitespace(source.charAt(space - 1))) {
            space--;
        }
        int from = space;
        while (from > 0 && Character.isJavaIdentifierPart(source.charAt(from - 1))) {
            from--;
        }
        return source.substring(from, space);
    }
}
