package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.transforms.view.Materialize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What keys are, kept up to date from events and put right by full publishes. */
public record ViewSpec(
        @Setting(
                value = "The events that change it, of one source or of several.",
                example =
                        "[{from: assets, key: event.movie_id, item: event.appliance, removes: event.kind == \"removed\"}]")
        List<ViewChangesSpec> changes,

        @Setting("Where all that it should hold comes from, to put it right.") @Nullable ViewPublishSpec publish,

        @Setting(
                value =
                        "How long changes of a key are put together: routes get a key when such an interval ends in which it has"
                                + " changed.",
                byDefault = "PT1S")
        Duration every,

        @Setting(
                value =
                        "How many keys a second routes get at most besides those that change: those that a full publish has changed,"
                                + " and those that are flushed.",
                byDefault = "10000")
        double flushRate,

        @Setting(
                value =
                        "For how long it is known that an item was removed. It must be longer than a full publish takes, and than an event"
                                + " may be late: an older one that comes after that brings the item back.",
                byDefault = "P1D")
        Duration retention,

        @Setting(
                value =
                        "How many items a key has at most; an event that would add one more is a dead letter, viewOverLimit.",
                byDefault = "" + Materialize.DEFAULT_KEY_ITEMS)
        @Between(least = 1, most = Integer.MAX_VALUE)
        int keyItems,

        @Setting(
                value = "How many bytes the items of a key have at most, likewise.",
                byDefault = "" + Materialize.DEFAULT_KEY_BYTES)
        @Between(least = 1, most = Integer.MAX_VALUE)
        int keyBytes,

        @Setting(
                "Where view flush, publish, get and verify ask a job that runs. Without it, that cannot be asked; for files, where a run"
                        + " ends, it must not be given.")
        @Nullable ViewControlSpec control)
        implements DerivedSource {

    public ViewSpec {
        changes = List.copyOf(changes);
        checkArgument(!changes.isEmpty(), "changes must not be empty, but was %s", changes);
        checkArgument(every.toMillis() >= 1, "every must be at least a millisecond, but was %s", every);
        checkArgument(flushRate > 0, "flushRate must be more than 0, but was %s", flushRate);
        checkArgument(retention.toMillis() >= 1, "retention must be at least a millisecond, but was %s", retention);
    }

    /**
     * What identifies how keys, items and versions are made of the events of each source, and of a full publish: what stays in a view must
     * be made in the same way, or what the view has of then would stay for good.
     */
    public Map<String, String> stateVersions() {
        Map<String, List<String>> forms = new TreeMap<>();
        for (ViewChangesSpec change : changes) {
            forms.computeIfAbsent("changes." + change.from(), none -> new ArrayList<>())
                    .add(List.of(change.key(), text(change.item()), text(change.version()))
                            .toString());
        }
        if (publish != null) {
            forms.put(
                    "publish",
                    List.of(List.of(publish.key(), text(publish.item()), publish.saysVersion())
                            .toString()));
        }
        Map<String, String> versions = new TreeMap<>();
        forms.forEach((part, form) -> versions.put(part, Plain.sha256Start(form.toString())));
        return versions;
    }

    /** The same, which cannot be asked. */
    ViewSpec withoutControl() {
        return new ViewSpec(changes, publish, every, flushRate, retention, keyItems, keyBytes, null);
    }

    private static String text(@Nullable Object expression) {
        return String.valueOf(expression);
    }

    /** A view as it is told: the name under which routes read it is its own. */
    @Override
    public List<String> outputs(String name) {
        return List.of(name);
    }

    @Override
    public boolean reads(String source) {
        return changes.stream().anyMatch(change -> change.from().equals(source));
    }
}
