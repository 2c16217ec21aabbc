package io.millrace.io.elasticsearch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.junit.Test;

/** Errors of the cluster and of the index are told from those of a document, though they may have the same status. */
public class VerdictTest {

    @Test
    public void aConflictMeansThatSomethingNewerIsThere() {
        assertThat(Verdict.of(409, error("version_conflict_engine_exception", "")), is(Verdict.TAKEN));
        assertThat(Verdict.of(404, MissingNode.getInstance()), is(Verdict.TAKEN));
    }

    @Test
    public void whatTheClusterCannotDoNowIsTriedAgain() {
        assertThat(Verdict.of(429, error("es_rejected_execution_exception", "")), is(Verdict.AGAIN));
        assertThat(Verdict.of(503, error("unavailable_shards_exception", "")), is(Verdict.AGAIN));
        assertThat(Verdict.of(403, error("cluster_block_exception", "")), is(Verdict.AGAIN));
    }

    @Test
    public void anErrorOfTheIndexIsNoneOfTheDocument() {
        assertThat(Verdict.of(404, error("index_not_found_exception", "")), is(Verdict.BLOCKED));
        assertThat(
                Verdict.of(400, error("validation_exception", "this action would add [2] shards")),
                is(Verdict.BLOCKED));
        assertThat(
                Verdict.of(
                        400, error("illegal_argument_exception", "no write index is defined for alias [plays]. The …")),
                is(Verdict.BLOCKED));
        assertThat(
                Verdict.of(
                        400,
                        error(
                                "illegal_argument_exception",
                                "only write ops with an op_type of create are allowed in data streams")),
                is(Verdict.BLOCKED));
    }

    @Test
    public void everythingElseIsOfTheDocument() {
        assertThat(Verdict.of(400, error("mapper_parsing_exception", "")), is(Verdict.REFUSED));
        assertThat(
                Verdict.of(400, error("illegal_argument_exception", "Limit of total fields [1000] has been exceeded")),
                is(Verdict.REFUSED));
    }

    private static JsonNode error(String type, String reason) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("reason", reason);
    }
}
