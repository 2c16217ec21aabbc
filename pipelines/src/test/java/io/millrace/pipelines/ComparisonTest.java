package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.view.StoredView.Found;
import io.millrace.pipelines.view.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.Test;

public class ComparisonTest {
    private final Comparison comparison = new Comparison(4);

    private static Found found(String key, String zone, Verdict verdict) {
        return new Found("cache", zone, key, null, verdict, false, null);
    }

    private static Found pending(String key, Verdict verdict) {
        return new Found("cache", "a", key, null, verdict, true, null);
    }

    private static Found refused(String key) {
        return new Found("cache", "a", key, null, Verdict.REFUSED, false, "its key is odd");
    }

    private List<String> printed() {
        return printed(comparison);
    }

    private static List<String> printed(Comparison comparison) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        comparison.print(new PrintStream(printed, true, UTF_8));
        return printed.toString(UTF_8).lines().toList();
    }

    @Test
    public void whatIsRightEverywhereIsNotSpokenOf() {
        comparison.add(List.of(found("k", "a", Verdict.RIGHT), found("k", "b", Verdict.RIGHT)));

        assertThat(comparison.wrong(), is(empty()));
        assertThat(printed(), is(empty()));
    }

    @Test
    public void saysOfEachPlaceWhatIsWrongThere() {
        comparison.add(List.of(
                found("k", "a", Verdict.RIGHT),
                found("l", "a", Verdict.MISSING),
                found("k", "b", Verdict.STALE),
                found("l", "b", Verdict.MISSING)));
        comparison.add(List.of(refused("a b")));

        assertThat(comparison.wrong(), contains("k", "l"));
        assertThat(comparison.refused(), contains("a b"));
        assertThat(
                printed(),
                contains(
                        "route cache, zone a: missing 1, refused 1",
                        "route cache, zone b: missing 1, stale 1",
                        "  missing in zone a: l",
                        "  missing in zone b: l",
                        "  stale in zone b: k",
                        "  refused in zone a: a b: its key is odd"));
    }

    @Test
    public void showsSomeOfEachKindAndKeysAsTheyCanBeSeen() {
        Comparison large = new Comparison(1_000);
        for (int key = 0; key < 12; key++) {
            large.add(List.of(found("key-" + key, "a", Verdict.MISSING)));
        }
        large.add(List.of(found("", "a", Verdict.STALE)));
        large.add(List.of(found("a\tb", "a", Verdict.STALE)));
        large.add(List.of(found("x".repeat(101), "a", Verdict.STALE)));

        List<String> printed = printed(large);
        assertThat(
                printed.subList(printed.size() - 5, printed.size()),
                contains(
                        "  missing in zone a: key-9",
                        "  and 2 more that are missing",
                        "  stale in zone a: \"\"",
                        "  stale in zone a: \"a\\tb\"",
                        "  stale in zone a: " + "x".repeat(100) + "… (101 characters)"));
    }

    @Test
    public void whatIsAboutToBeWrittenAnywayIsNotWrong() {
        comparison.add(List.of(pending("k", Verdict.STALE), pending("right", Verdict.RIGHT)));

        assertThat(comparison.wrong(), is(empty()));
        assertThat(comparison.changing(), contains("k"));
        assertThat(printed(), contains("1 keys were changing"));
    }

    @Test
    public void whatDiffersIsLookedAtAgainAndWhatIsRefusedNot() {
        comparison.add(List.of(found("k", "a", Verdict.STALE), refused("a b"), pending("l", Verdict.STALE)));

        assertThat(comparison.takeDiffering(), contains("k", "l"));
        comparison.add(List.of(found("k", "a", Verdict.RIGHT), found("l", "a", Verdict.STALE)));

        assertThat(comparison.wrong(), contains("l"));
        assertThat(comparison.changing(), is(empty()));
        assertThat(comparison.refused(), contains("a b"));
    }

    @Test
    public void countsWhatItCannotRemember() {
        for (String key : List.of("a", "b", "c", "d", "e", "f")) {
            comparison.add(List.of(found(key, "a", Verdict.MISSING)));
        }

        assertThat(comparison.wrong(), contains("a", "b", "c", "d"));
        assertThat(comparison.beyond(), is(2L));
        assertThat(printed().get(printed().size() - 1), is("and 2 more keys that are not right"));
    }
}
