package io.millrace.transforms.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.millrace.testfixtures.TestScale;
import io.millrace.testfixtures.Times;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Projection;
import io.millrace.transforms.expression.TextExpression;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.joda.time.Instant;
import org.junit.Test;

/** Whatever the bytes of an event: on each route one thing becomes of it, unless it is filtered, and it keeps its bytes. */
public class RouterFuzzTest {
    private static final long SEED = Long.getLong("seed", 7);
    private static final int EVENTS = TestScale.choose(20_000, 1_000_000);
    private static final Instant NOON = Times.joda(Times.NOON);

    private static final List<Route> ROUTES = List.of(
            Route.named("everything"),
            Route.named("long").withFilter(Filter.of("event.duration_s > 60 && event.country in ['US', 'CA']")),
            Route.named("lenient")
                    .withFilter(Filter.of("event.geo.city.startsWith('S') || headers['trace'] == '1'"))
                    .withOnError(Route.OnError.DROP),
            Route.named("made")
                    .withProjection(Projection.of(Map.of("minutes", "event.duration_s / 60.0", "geo", "event.geo"))),
            Route.named("kept").withProjection(Projection.keeping(List.of("profile_id", "geo.country"))),
            Route.named("keyed").withKey(TextExpression.of("key == null ? event.profile_id : key")));

    private final Random random = new Random(SEED);
    private final List<byte[]> documents = PlayEvents.seed(SEED).count(200).stream()
            .map(event -> event.value())
            .toList();

    @Test
    public void letsOneThingBecomeOfEachEventOnEachRouteUnlessItIsFiltered() throws Exception {
        Router router = Router.of(ROUTES, false);
        for (int offset = 0; offset < EVENTS; offset++) {
            Event event = Event.of(ResultId.of(new Origin("fuzz", 0, offset)), key(), value(), headers());
            Outcomes outcomes = new Outcomes(event);

            router.route(event, NOON, outcomes);

            for (int route = 0; route < ROUTES.size(); route++) {
                boolean mayFilter = ROUTES.get(route).filter() != null;
                assertThat(
                        "seed " + SEED + ", " + ROUTES.get(route).name() + ", " + event,
                        outcomes.counts[route],
                        mayFilter ? lessThanOrEqualTo(1) : is(1));
            }
        }
    }

    private byte[] value() {
        byte[] document = documents.get(random.nextInt(documents.size()));
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> randomBytes(random.nextInt(64));
            case 2 -> Arrays.copyOf(document, random.nextInt(document.length + 1));
            case 3 -> document;
            default -> mutated(document);
        };
    }

    private byte[] mutated(byte[] document) {
        byte[] mutated = document.clone();
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            mutated[random.nextInt(mutated.length)] = anyByte();
        }
        return mutated;
    }

    private byte anyByte() {
        byte[] telling = "{}[]\",:\\eE+-.0u \n".getBytes(UTF_8);
        return random.nextBoolean() ? telling[random.nextInt(telling.length)] : (byte) random.nextInt();
    }

    private byte[] key() {
        return random.nextInt(3) == 0 ? null : randomBytes(random.nextInt(4));
    }

    private Headers headers() {
        Headers.Builder headers = Headers.builder();
        for (int count = random.nextInt(3); count > 0; count--) {
            headers.add("trace", random.nextBoolean() ? null : randomBytes(random.nextInt(3)));
        }
        return headers.build();
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Counts what became of one event, and looks whether it kept what it must. */
    private static final class Outcomes implements Router.Outcome {
        private final Event event;
        private final int[] counts = new int[ROUTES.size()];

        private Outcomes(Event event) {
            this.event = event;
        }

        @Override
        public void routed(int route, Event result) {
            counts[route]++;
            assertThat(result.id(), is(event.id().madeBy(ROUTES.get(route).name())));
            assertThat(result.headers(), is(event.headers()));
            if (ROUTES.get(route).projection() == null) {
                assertThat(result.value(), is(event.value()));
            }
        }

        @Override
        public void deadLettered(int route, DeadLetter deadLetter) {
            counts[route]++;
            assertThat(deadLetter.event(), is(event));
        }
    }
}
