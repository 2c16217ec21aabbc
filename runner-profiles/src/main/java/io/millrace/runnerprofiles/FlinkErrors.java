package io.millrace.runnerprofiles;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds, in what Flink answers, the one line that a person needs: the message of the innermost cause. */
final class FlinkErrors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FAILURE = Pattern.compile("^(?:Caused by: )?((?:\\w+\\.)+[\\w$]+)(?:: (.*))?$");

    private FlinkErrors() {}

    /** The line for an answer that is no success. */
    static String message(int status, String body) {
        return rootCause(errors(body)).orElse("the cluster answered " + status);
    }

    /** The line for a stack trace, or for several. */
    static Optional<String> rootCause(String stackTrace) {
        List<String> lines = stackTrace.lines().map(String::strip).toList();
        return lines.stream()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((outer, inner) -> inner)
                .or(() -> lines.stream()
                        .filter(line -> FAILURE.matcher(line).matches())
                        .findFirst())
                .map(FlinkErrors::withoutClass)
                .or(() -> lines.stream().filter(line -> !line.isEmpty()).findFirst());
    }

    private static String errors(String body) {
        try {
            StringBuilder text = new StringBuilder();
            for (JsonNode error : JSON.readTree(body).path("errors")) {
                text.append(error.asText()).append('\n');
            }
            return text.toString();
        } catch (JsonProcessingException e) {
            return body;
        }
    }

    private static String withoutClass(String line) {
        Matcher failure = FAILURE.matcher(line);
        if (!failure.matches()) {
            return line;
        }
        String message = failure.group(2);
        return message == null || message.isBlank() ? simpleName(failure.group(1)) : message;
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
