package io.millrace.devinterface.spec;

import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public class RouterSpecTest {

    @Test
    public void readsBackFromItsOwnJson() throws Exception {
        for (String name : Samples.NAMES) {
            RouterSpec spec = SpecReader.read(Samples.text(name), LOCAL);

            assertThat(name, SpecReader.read(spec.json(), LOCAL), equalTo(spec));
            assertThat(name, SpecReader.read(spec.canonicalJson(), LOCAL), equalTo(spec));
        }
    }

    @Test
    public void keepsTheOrderOfProjectedFieldsInItsJson() throws Exception {
        RouterSpec spec = SpecReader.read(Samples.text("tight.json"), LOCAL);

        RouterSpec again = SpecReader.read(spec.json(), LOCAL);

        assertThat(List.copyOf(again.routes().get(0).project().computed().keySet()), contains("b", "a€"));
    }

    /** The version is written into every result, so its canonical form must not change by accident. */
    @Test
    public void versionIsTheStartOfTheHashOfItsCanonicalJson() throws Exception {
        RouterSpec spec = SpecReader.read(Samples.text("tight.json"), LOCAL);

        assertThat(
                spec.canonicalJson(),
                is("{\"deadLetters\":{\"none\":{}},\"isolation\":\"isolated\",\"match\":\"all\",\"name\":\"tight\","
                        + "\"routes\":[{\"name\":\"all\",\"onError\":\"deadLetter\",\"project\":{\"a€\":\"event.a\",\"b\":\"1\"},\"sink\":{\"none\":{}}}],"
                        + "\"source\":{\"idleAfter\":\"PT30S\",\"kafka\":{\"bootstrapServers\":\"b:1\",\"generation\":0,\"groupId\":\"millrace-tight\","
                        + "\"properties\":{},\"start\":\"earliest\",\"startOffsets\":\"{\\\"t\\\":{\\\"0\\\":5}}\",\"stop\":\"never\",\"topics\":[\"t\",\"ü\\u0001/\"]},"
                        + "\"maxAhead\":\"PT1H\",\"maxOutOfOrderness\":\"PT10S\"},\"version\":1}"));
        assertThat(spec.specVersion(), is("f6dcff51797a8164"));
    }

    @Test
    public void versionIsTheSameHoweverTheSpecIsWritten() throws Exception {
        RouterSpec spec = SpecReader.read(Samples.text("smallest.yaml"), LOCAL);
        RouterSpec spelled = SpecReader.read("""
                routes: [{sink: {console: {}}, onError: deadLetter, name: all}]
                source: {maxAhead: PT60M, files: {path: data}}
                deadLetters: {files: {path: out/smallest/dead-letters}}
                name: smallest
                version: 1
                """, LOCAL);

        assertThat(spelled, equalTo(spec));
        assertThat(spelled.specVersion(), is(spec.specVersion()));
    }

    @Test
    public void versionChangesWithTheSpec() throws Exception {
        String text = Samples.text("smallest.yaml");

        assertThat(
                SpecReader.read(text.replace("console", "none"), LOCAL).specVersion(),
                is(not(SpecReader.read(text, LOCAL).specVersion())));
    }

    @Test
    public void refusesRoutesOfTheSameName() throws Exception {
        RouterSpec spec = SpecReader.read(Samples.text("smallest.yaml"), LOCAL);
        RouteSpec route = spec.routes().get(0);

        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> spec.withRoutes(List.of(route, route)));

        assertThat(e.getMessage(), is("routes must differ in name, but were [all, all]"));
    }
}
