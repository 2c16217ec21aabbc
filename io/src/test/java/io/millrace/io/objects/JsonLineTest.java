package io.millrace.io.objects;

import static io.millrace.io.objects.Samples.utf8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.DeadLetter.Reason;
import org.junit.Test;

public class JsonLineTest {
    @Test
    public void leavesAValueWithoutLineBreaksAsItIs() throws NotALineException {
        byte[] value = utf8("no json\t\u00e9");

        assertThat(JsonLine.of(value), is(sameInstance(value)));
    }

    @Test
    public void makesLineBreaksOfADocumentSpacesAndNothingElse() throws NotALineException {
        byte[] value = utf8("{\"a\":\n\t[1,\r\n2],\"b\":\"x\\n\"}\n");

        assertThat(JsonLine.of(value), is(utf8("{\"a\": \t[1,  2],\"b\":\"x\\n\"} ")));
        assertThat(value, is(utf8("{\"a\":\n\t[1,\r\n2],\"b\":\"x\\n\"}\n")));
    }

    @Test
    public void refusesLineBreaksInWhatIsNotOneDocument() {
        for (String value : new String[] {"a\nb", "{\"a\":\"x\ny\"}", "1\n2", "\n", "{\n", "{\"a\":\"\r\"}"}) {
            NotALineException refusal = assertThrows(NotALineException.class, () -> JsonLine.of(utf8(value)));

            assertThat(value, refusal.reason(), is(Reason.REFUSED));
            assertThat(
                    refusal.getMessage(),
                    is("value with line breaks must be one JSON document where it is written as a line"));
        }
    }

    @Test
    public void refusesNoValueAndAnEmptyOne() {
        assertThat(
                assertThrows(NotALineException.class, () -> JsonLine.of(null)).reason(), is(Reason.NO_VALUE));
        assertThat(
                assertThrows(NotALineException.class, () -> JsonLine.of(new byte[0]))
                        .reason(),
                is(Reason.REFUSED));
    }
}
