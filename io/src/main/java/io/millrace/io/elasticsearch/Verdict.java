package io.millrace.io.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** What an operation's answer asks for. */
enum Verdict {
    /** The document is there, or a newer one, or none where it was to be deleted. */
    TAKEN,
    /** The cluster could not do it now. */
    AGAIN,
    /** The document cannot be taken as it is. */
    REFUSED,
    /** No document would be taken: who set up the cluster or the job has something to do. */
    BLOCKED;

    private static final int CONFLICT = 409;
    private static final int TOO_MANY_REQUESTS = 429;

    /** Errors of the index and not of the document, though their status is the client's fault. */
    private static final Set<String> OF_THE_INDEX = Set.of(
            "index_not_found_exception",
            "index_closed_exception",
            "security_exception",
            "invalid_index_name_exception",
            "validation_exception"); // the cluster may have no more shards

    /** What an error of the index says that has the type of a document's. */
    private static final List<String> SAID_OF_THE_INDEX = List.of(
            "no write index is defined", // for an alias
            "only write ops with an op_type of create"); // are allowed in data streams

    private static final String INDEX_BLOCKED_FOR_NOW = "cluster_block_exception";

    static Verdict of(int status, JsonNode error) {
        if (error.isMissingNode() || status == CONFLICT) {
            return TAKEN;
        }
        String type = error.path("type").asText();
        if (status == TOO_MANY_REQUESTS || status >= 500 || type.equals(INDEX_BLOCKED_FOR_NOW)) {
            return AGAIN;
        }
        return isOfTheIndex(type, error.path("reason").asText()) ? BLOCKED : REFUSED;
    }

    private static boolean isOfTheIndex(String type, String reason) {
        return OF_THE_INDEX.contains(type)
                || (type.equals("illegal_argument_exception")
                        && SAID_OF_THE_INDEX.stream().anyMatch(reason::contains));
    }
}
