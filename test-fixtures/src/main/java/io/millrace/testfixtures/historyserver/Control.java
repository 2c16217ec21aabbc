package io.millrace.testfixtures.historyserver;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** Answers the one who runs the service, under {@code /control/}. */
final class Control {
    private final Lookups lookups;

    Control(Lookups lookups) {
        this.lookups = lookups;
    }

    Answer answer(String method, QueryStringDecoder uri, byte[] body) {
        return switch (method + " " + uri.path()) {
            case "GET /control/calls" -> Answer.text(lookups.log().since(since(uri)));
            case "GET /control/counters" -> Answer.text(lines(lookups.counters()));
            case "DELETE /control/calls" -> forget();
            case "PUT /control/behaviour" -> behave(body);
            case "POST /control/release" -> Answer.text(String.valueOf(lookups.releaseHanging()));
            default -> Answer.error(404, "no such path");
        };
    }

    private static long since(QueryStringDecoder uri) {
        return Long.parseLong(
                uri.parameters().getOrDefault("since", List.of("0")).get(0));
    }

    private static String lines(List<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    private Answer forget() {
        lookups.forget();
        return Answer.text("");
    }

    private Answer behave(byte[] body) {
        try {
            lookups.behave(Script.parse(body));
            return Answer.text("");
        } catch (IOException e) {
            System.err.println("cannot behave so: " + e);
            return Answer.error(400, "no behaviours");
        }
    }
}
