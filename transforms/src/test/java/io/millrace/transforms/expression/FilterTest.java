package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.Headers;
import org.junit.Test;

public class FilterTest {
    private static final Events PLAY = Events.document("""
            {"profile_id": "p1", "duration_s": 61, "country": "CA", "rate": 1.5, "kids": false, "gone": null,
             "geo": {"country": "US", "cities": ["Reno", "Elko"]}, "note": "a\\u00e9\\n\\ud83d\\ude00", "tags": ["x", "y"]}""");

    @Test
    public void comparesFieldsWithConstants() throws EvaluationException {
        assertThat(PLAY.passes("event.duration_s > 60 && event.country in [\"US\", \"CA\"]"), is(true));
        assertThat(PLAY.passes("event.duration_s > 61 && event.country in [\"US\", \"CA\"]"), is(false));
        assertThat(PLAY.passes("event.country in [\"US\", \"MX\"]"), is(false));
        assertThat(PLAY.passes("event.rate == 1.5 && event.rate < 2 && event.rate >= 1"), is(true));
        assertThat(PLAY.passes("event.kids == false && !event.kids && event.gone == null"), is(true));
        assertThat(PLAY.passes("event.duration_s == 61.0 && event.duration_s in [1.0, 61.0]"), is(true));
    }

    @Test
    public void readsNestedFieldsAndElements() throws EvaluationException {
        assertThat(PLAY.passes("event.geo.country == 'US' && event['geo'].cities[1] == 'Elko'"), is(true));
        assertThat(PLAY.passes("event.geo.cities[size(event.geo.cities) - 1].startsWith('El')"), is(true));
    }

    @Test
    public void readsEscapedStrings() throws EvaluationException {
        assertThat(PLAY.passes("event.note == 'aé\\n😀' && size(event.note) == 4"), is(true));
        assertThat(PLAY.passes("event.note.endsWith('😀') && event.note.contains('é\\n')"), is(true));
        assertThat(PLAY.passes("event.note.matches('^a.\\n')"), is(true));
    }

    @Test
    public void knowsWhetherAFieldIsThere() throws EvaluationException {
        assertThat(PLAY.passes("has(event.gone) && !has(event.nothing) && !has(event.geo.nothing)"), is(true));
        assertThat(failure(PLAY, "has(event.nothing.at_all)"), is("no such field 'nothing'"));
        assertThat(failure(PLAY, "has(event.country.code)"), is("'country' has no fields"));
    }

    @Test
    public void failsOnAMissingFieldByName() {
        assertThat(failure(PLAY, "event.contry == 'CA'"), is("no such field 'contry'"));
        assertThat(failure(PLAY, "event.geo.contry == 'CA'"), is("no such field 'geo.contry'"));
        assertThat(failure(PLAY, "event.geografy.country == 'CA'"), is("no such field 'geografy'"));
        assertThat(failure(PLAY, "event.tags[2] == 'CA'"), is("no such element 'tags.2'"));
        assertThat(failure(PLAY, "event.country.code == 'CA'"), is("'country' has no fields"));
        assertThat(failure(PLAY, "event.tags.code == 'CA'"), is("'tags' has no fields"));
    }

    @Test
    public void takesAnErrorBackWhereTheOtherSideDecides() throws EvaluationException {
        assertThat(PLAY.passes("event.contry == 'CA' || event.country == 'CA'"), is(true));
        assertThat(PLAY.passes("event.country == 'CA' || event.contry == 'CA'"), is(true));
        assertThat(PLAY.passes("event.contry == 'CA' && event.country == 'US'"), is(false));
        assertThat(failure(PLAY, "event.contry == 'CA' && event.country == 'CA'"), is("no such field 'contry'"));
        assertThat(failure(PLAY, "event.country == 'CA' && event.country"), is("no such overload: _&&_ with a string"));
    }

    @Test
    public void loopsWithMacros() throws EvaluationException {
        assertThat(PLAY.passes("event.tags.exists(t, t == 'y') && event.tags.all(t, size(t) == 1)"), is(true));
        assertThat(PLAY.passes("event.tags.exists_one(t, t == 'y')"), is(true));
        assertThat(PLAY.passes("event.tags.map(t, t + '!') == ['x!', 'y!']"), is(true));
        assertThat(PLAY.passes("event.tags.filter(t, t > 'x') == ['y']"), is(true));
        assertThat(PLAY.passes("event.geo.all(name, name.startsWith('c'))"), is(true));
        assertThat(PLAY.passes("event.tags.all(t, event.tags.exists(u, u == t))"), is(true));
    }

    @Test
    public void seesKeyHeadersAndTimestamp() throws EvaluationException {
        Events event = Events.tombstone()
                .withKey("k1".getBytes(UTF_8))
                .withHeaders(Headers.builder()
                        .add("a", "first")
                        .add("a", "last")
                        .add("none", (byte[]) null)
                        .build())
                .at(1_700_000_000_123L);
        assertThat(event.passes("key == 'k1' && key.startsWith('k')"), is(true));
        assertThat(event.passes("headers.a == 'last' && headers['none'] == null && !has(headers.b)"), is(true));
        assertThat(event.passes("'a' in headers && size(headers) == 2"), is(true));
        assertThat(event.passes("timestamp > timestamp('2023-01-01T00:00:00Z')"), is(true));
        assertThat(event.passes("timestamp.getFullYear() == 2023"), is(true));
        assertThat(failure(event, "headers.b == ''"), is("no such header 'b'"));
        assertThat(Events.tombstone().passes("key == null"), is(true));
        assertThat(failure(Events.tombstone(), "timestamp.getHours() == 1"), is("the event has no timestamp"));
        assertThat(failure(event.withKey(new byte[] {-1}), "key == 'k1'"), is("the key is not UTF-8"));
    }

    @Test
    public void mixesIntAndDoubleInArithmetic() throws EvaluationException {
        assertThat(PLAY.passes("event.duration_s / 60.0 > 1 && 1 / 2.0 == 0.5 && 2.5 * 2 == 5.0"), is(true));
        assertThat(PLAY.passes("event.duration_s + event.rate == 62.5"), is(true));
        assertThat(failure(PLAY, "event.duration_s / 0 == 1"), is("division by zero"));
        assertThat(failure(PLAY, "event.duration_s + 9223372036854775807 == 1"), is("integer overflow"));
    }

    @Test
    public void needsADocumentOnlyIfItLooksIntoOne() throws EvaluationException {
        assertThat(Events.tombstone().passes("key == null"), is(true));
        EvaluationException none =
                assertThrows(EvaluationException.class, () -> Events.tombstone().passes("key == null && event.a == 1"));
        assertThat(none.kind(), is(EvaluationException.Kind.NO_VALUE));
        assertThat(none.getMessage(), is("the event has no value"));
        assertThat(Events.document("no json").passes("key == null"), is(true));
        EvaluationException broken = assertThrows(
                EvaluationException.class, () -> Events.document("{\"a\": 1} x").passes("event.a == 1"));
        assertThat(broken.kind(), is(EvaluationException.Kind.NOT_JSON));
        assertThat(broken.getMessage(), is("unexpected byte after the document at 9"));
    }

    private static String failure(Events event, String filter) {
        EvaluationException failure = assertThrows(EvaluationException.class, () -> event.passes(filter));
        assertThat(failure.kind(), is(EvaluationException.Kind.FAILED));
        return failure.getMessage();
    }
}
