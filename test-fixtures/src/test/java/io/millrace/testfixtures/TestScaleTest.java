package io.millrace.testfixtures;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.Assert.assertThrows;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.ExternalResource;

public class TestScaleTest {

    @Rule
    public final ExternalResource property = new ExternalResource() {
        private final String original = System.getProperty(TestScale.PROPERTY, "smoke");

        @Override
        protected void after() {
            System.setProperty(TestScale.PROPERTY, original);
        }
    };

    @Test
    public void isSmallUnlessToldOtherwise() {
        System.clearProperty(TestScale.PROPERTY);
        assertThat(TestScale.choose(20, 1_000), equalTo(20));
        System.setProperty(TestScale.PROPERTY, "smoke");
        assertThat(TestScale.choose(20, 1_000), equalTo(20));
    }

    @Test
    public void isFullSizeWhenSoaked() {
        System.setProperty(TestScale.PROPERTY, "soak");
        assertThat(TestScale.choose(20, 1_000), equalTo(1_000));
    }

    @Test
    public void refusesAScaleThatIsNone() {
        System.setProperty(TestScale.PROPERTY, "huge");
        assertThat(
                assertThrows(IllegalArgumentException.class, TestScale::isSoak).getMessage(),
                equalTo("millrace.test.scale must be smoke or soak, but was huge"));
    }
}
