package io.millrace.transforms.expression;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import org.junit.Test;

/** Where dev.cel's evaluator departs from the standard and ours does not: docs/decisions/005-expressions.md. */
public class DeparturesTest {
    private static final Events EVENT = Events.document(
            "{\"zero\": -0.0, \"big\": 9007199254740993, \"word\": \"x\", \"list\": [1, 2], \"fullwidth\": \"\uffee\"}");

    @Test
    public void comparesNumbersOnOneLine() throws EvaluationException {
        assertThat(EVENT.value("event.zero == 0 && !(event.zero < 0u) && event.zero in [0]"), is("true"));
        assertThat(EVENT.value("event.big == 9007199254740992.0"), is("false"));
        assertThat(EVENT.value("event.big > 9007199254740992.0"), is("true"));
        assertThat(EVENT.value("dyn(18446744073709551615u) == 18446744073709551616.0"), is("false"));
    }

    @Test
    public void ordersNothingBesideNotANumber() throws EvaluationException {
        String nan = "(0.0 / 0.0)";
        assertThat(EVENT.value(nan + " < 1.0 || " + nan + " >= 1.0 || " + nan + " == " + nan), is("false"));
        assertThat(EVENT.value(nan + " in [" + nan + "]"), is("false"));
    }

    @Test
    public void ordersStringsByCodePoint() throws EvaluationException {
        assertThat(EVENT.value("event.fullwidth < '😀'"), is("true"));
    }

    @Test
    public void takesBackWhatIsNoBool() throws EvaluationException {
        assertThat(EVENT.value("event.word || true"), is("true"));
        assertThat(EVENT.value("event.word && false"), is("false"));
    }

    @Test
    public void computesWithNegativeDurations() throws EvaluationException {
        assertThat(EVENT.value("duration('10ms') - duration('1h')"), is("\"-3599.990s\""));
        assertThat(EVENT.value("(duration('1s') - duration('2.5s')).getSeconds()"), is("-1"));
        assertThat(EVENT.value("(duration('1s') - duration('2.5s')).getMilliseconds()"), is("-500"));
    }

    @Test
    public void limitsDurationsToNanosecondsInAnInt() {
        assertThat(failure("duration('292000000000s')"), is("duration out of range"));
        assertThat(
                failure("timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')"),
                is("duration out of range"));
        assertThat(failure("timestamp('9999-12-31T23:59:59Z') + duration('1s')"), is("timestamp out of range"));
    }

    @Test
    public void refusesKeysThatNoMapHas() {
        assertThat(failure("{event.zero: 1}"), is("a map has no key of type double"));
        assertThat(failure("{event.list: 1}"), is("a map has no key of type list"));
        assertThat(failure("{1: 'a', dyn(1u): 'b'}"), is("a map has a key twice"));
    }

    @Test
    public void findsElementsByAnyNumber() throws EvaluationException {
        assertThat(EVENT.value("event.list[1u] + event['list'][1.0]"), is("4"));
        assertThat(failure("event.list[dyn(0.5)]"), is("no such element '0.5'"));
    }

    @Test
    public void writesDoublesInTheirShortestForm() throws EvaluationException {
        assertThat(EVENT.value("string(2.0e-3 * 1.0)"), is("\"0.002\""));
        assertThat(EVENT.value("2.2e-322 * 1.0"), is("2.2E-322"));
    }

    private static String failure(String expression) {
        return assertThrows(EvaluationException.class, () -> EVENT.value(expression))
                .getMessage();
    }
}
