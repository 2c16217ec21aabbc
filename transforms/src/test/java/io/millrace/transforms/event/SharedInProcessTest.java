package io.millrace.transforms.event;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class SharedInProcessTest {
    private final SharedInProcess<String, Object> shared = new SharedInProcess<>();
    private final List<Object> ended = new ArrayList<>();

    @Test
    public void isMadeForTheFirstAndEndedWithTheLast() {
        Object first = shared.open("a", Object::new);
        assertThat(shared.open("a", Object::new), is(sameInstance(first)));
        assertThat(shared.open("b", Object::new), is(not(sameInstance(first))));

        shared.close("a", ended::add);
        assertThat(ended, is(empty()));
        shared.close("a", ended::add);
        assertThat(ended, contains(first));
        assertThat(shared.open("a", Object::new), is(not(sameInstance(first))));
    }

    @Test
    public void whoClosesWhatIsNotOpenEndsNothing() {
        shared.close("a", ended::add);

        assertThat(ended, is(empty()));
    }
}
