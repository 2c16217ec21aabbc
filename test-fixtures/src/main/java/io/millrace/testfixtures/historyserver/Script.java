package io.millrace.testfixtures.historyserver;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.history.Behaviour;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** How the service behaves: the first rule that takes a call decides it. */
final class Script {
    private final List<Rule> rules;

    private Script(List<Rule> rules) {
        this.rules = rules;
    }

    /** Reads an array of behaviours; answering at once comes after them all. */
    static Script parse(byte[] json) throws IOException {
        Stream<Behaviour> behaviours = Stream.of(new ObjectMapper().readValue(json, Behaviour[].class));
        return new Script(Stream.concat(behaviours, Stream.of(Behaviour.answer()))
                .map(Rule::new)
                .toList());
    }

    Rule ruleFor(List<String> keys, long nanos) {
        for (Rule rule : rules) {
            if (rule.takes(keys, nanos)) {
                return rule;
            }
        }
        throw new IllegalStateException("the last rule takes all");
    }
}
