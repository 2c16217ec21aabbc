package io.millrace.io.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What Elasticsearch says to a bulk request. */
sealed interface BulkAnswer {

    /** Of each operation what became of it, in their order. */
    record Items(List<Item> items) implements BulkAnswer {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** The request as a whole is larger than the cluster takes. */
    record TooLarge(String message) implements BulkAnswer {}

    /** The cluster has too much to do. */
    record Busy(String message) implements BulkAnswer {}

    /** No answer, or one that says that the cluster cannot serve. */
    record Unavailable(String message) implements BulkAnswer {}

    /** What became of one operation. */
    record Item(Verdict verdict, String message) {

        static Item of(JsonNode answer) {
            JsonNode item = answer.elements().next(); // {"index": {"status": …, "error": …}}
            JsonNode error = item.path("error");
            return new Item(Verdict.of(item.path("status").asInt(), error), message(error));
        }

        private static String message(JsonNode error) {
            String message =
                    error.path("type").asText() + ": " + error.path("reason").asText();
            JsonNode cause = error.path("caused_by").path("reason");
            return cause.isMissingNode() ? message : message + ": " + cause.asText();
        }
    }
}
