package io.millrace.transforms.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import com.google.common.collect.Iterables;
import io.millrace.transforms.shard.KeyBytes;
import io.millrace.transforms.shard.Shards;
import io.millrace.transforms.view.Round.Work;
import io.millrace.transforms.view.ViewUpdate.Cause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.ValueState;
import org.jspecify.annotations.Nullable;

/**
 * A shard of a view, while a message or a timer is worked on: what is read of a key is kept until {@link #close()}, which writes what has
 * changed.
 *
 * <p>Changes, and entries of full publishes, are put aside as they come, and folded into their keys when the interval ends, or a second of it: a key that
 * changes often is read and written once for all of them. What has changed is told when the interval ends. Everything else that walks over keys does so in rounds: a round
 * notes its keys when it begins, shard after shard, in pages, and takes one page at a time, so that changes are told between them, and a restart goes on with
 * the page that was next. Where the timer is late, and changes come, they go first: publishes and rounds take what they leave, or they would hold up all changes that come
 * meanwhile.
 */
final class ViewShard implements ShardMessage.Taker {
    private static final String NOBODY = "";

    /** For how long changes are put aside at most, and entries, where nothing goes before them. */
    private static final long MOST_MILLIS_ASIDE = 1_000;

    /** A timer that fires so much later than it was set for says that there is too much to do. */
    private static final long LATE_MILLIS = 200;

    /** For how long all but changes then waits. */
    private static final long YIELDS_MILLIS = 500;

    /** For how long anything waits for changes at most. */
    private static final long MOST_MILLIS_YIELDED = 10_000;

    /** How many times in a retention it is looked for what has passed it. */
    private static final int LOOKS = 4;

    private final int number;
    private final ViewSettings settings;
    private final States states;
    private final KeyPages pages;
    private final Telling telling;
    private final long now;
    private final boolean isBeginning;
    private final boolean changesCome;
    private final byte @Nullable [] kept;
    private final ShardStatus status;
    private final Map<KeyBytes, KeyItems> inUse = new HashMap<>();
    private final Set<KeyBytes> changed = new LinkedHashSet<>();
    private final Set<KeyBytes> unkept = new HashSet<>();

    /**
     * Where a shard is kept.
     *
     * @param keys what is known of each key
     * @param changes the changes that are put aside, in batches
     * @param entries the entries of a publish that are, too
     * @param waiting the keys that are to be told
     * @param pages the keys of rounds
     * @param status the rest
     */
    record States(
            MapState<KeyBytes, byte[]> keys,
            BagState<byte[]> changes,
            BagState<byte[]> entries,
            BagState<KeyBytes> waiting,
            MapState<Long, byte[]> pages,
            ValueState<byte[]> status) {}

    /** Where what a shard says goes to. */
    interface Telling {
        /** A key is told to everybody. */
        void tell(KeyBytes key, Told told, Cause cause);

        /** Who asked is told how far it is, and the keys that were asked for. */
        void answer(Round round, Map<KeyBytes, Told> told);

        /** An event, or an entry, is not in the view, since its key has too much. */
        void refuse(byte[] event);

        /** A change is older than what is known. */
        void outdated();
    }

    /**
     * A key as it is told.
     *
     * @param isPending whether it is still to be told to everybody
     */
    record Told(long version, List<byte[]> items, boolean isPending) {
        static Told of(KeyItems items) {
            return new Told(items.versionToTell(), items.values(), items.waits());
        }
    }

    /**
     * When a shard is worked on.
     *
     * @param now the time
     * @param isBeginning whether it was kept before a restart, behind which more may have been told than is kept: then what an event says is told, also
     *     where it is known already
     * @param changesCome whether changes of any shard of the task have come lately, which others would hold up
     */
    record Moment(long now, boolean isBeginning, boolean changesCome) {}

    /** A shard as it is kept. */
    ViewShard(int number, ViewSettings settings, States states, Telling telling, Moment moment) {
        this.number = number;
        this.settings = settings;
        this.states = states;
        this.pages = new KeyPages(states.pages());
        this.telling = telling;
        this.now = moment.now();
        this.isBeginning = moment.isBeginning();
        this.changesCome = moment.changesCome();
        this.kept = states.status().read();
        this.status = ShardStatus.of(kept);
    }

    @Override
    public void changes(byte[] batch) {
        states.changes().add(batch);
        status.takeAt = Math.min(status.takeAt, endOf(millisAside()));
        status.tellAt = Math.min(status.tellAt, endOf(settings.everyMillis()));
    }

    @Override
    public void entries(long generation, byte[] batch) {
        if (takesOf(generation)) {
            states.entries().add(batch);
            status.stageAt = Math.min(status.stageAt, endOf(millisAside()));
        }
    }

    private long millisAside() {
        return Math.min(settings.everyMillis(), MOST_MILLIS_ASIDE);
    }

    /** Intervals of shards end one after the other, so that what is behind has as much to do all the time. */
    private long endOf(long every) {
        long phase = every * number / Shards.COUNT;
        return Math.floorDiv(now - phase, every) * every + phase + every;
    }

    /** Folds changes that are put aside into their keys: those that are other ones now. */
    private Set<KeyBytes> take() {
        status.takeAt = ShardStatus.NEVER;
        return take(states.changes());
    }

    /** Stages entries that are put aside beside what is known of their keys; which are other ones now, by the publish before. */
    private Set<KeyBytes> stage() {
        status.stageAt = ShardStatus.NEVER;
        return take(states.entries());
    }

    private Set<KeyBytes> take(BagState<byte[]> aside) {
        Taking taking = new Taking();
        aside.read().forEach(batch -> ShardMessage.readAside(batch, taking));
        aside.clear();
        return taking.others;
    }

    /** Has nothing aside any more. */
    private void takeNow() {
        take().forEach(this::waits);
        stageNow();
    }

    private void stageNow() {
        stage().forEach(this::waits);
        completeIfAllCame();
    }

    /** Takes what is put aside, and notes the keys that are other ones by that. */
    private final class Taking implements ShardMessage.AsideTaker {
        private final Set<KeyBytes> others = new LinkedHashSet<>();

        @Override
        public void change(KeyBytes key, byte[] item, long version, byte @Nullable [] value, byte[] event) {
            if (ViewShard.this.change(key, item, version, value, event)) {
                others.add(key);
            }
        }

        @Override
        public void entry(long generation, KeyBytes key, byte[] item, byte[] value, byte[] entry) {
            if (hasRound(Work.COMPLETE) && complete(key, items(key))) {
                others.add(key);
            }
            publish(generation, key, item, value, entry);
        }
    }

    /** An event changes an item; whether its key is another one by that. */
    private boolean change(KeyBytes key, byte[] item, long version, byte @Nullable [] value, byte[] event) {
        if (value == null) {
            forgetWithin(settings.retentionMillis());
        }
        Standing change = value == null ? Standing.removed(version, now) : Standing.added(version, value);
        return switch (items(key).change(item, change, status.allVersion, settings.limits())) {
            case OUTDATED -> {
                telling.outdated();
                yield false;
            }
            case OVER_LIMIT -> {
                telling.refuse(event);
                yield false;
            }
            case SAME -> {
                changed.add(key);
                yield isBeginning;
            }
            case CHANGED -> {
                changed.add(key);
                yield true;
            }
        };
    }

    private void waits(KeyBytes key) {
        KeyItems items = items(key);
        changed.add(key);
        if (!items.waits()) {
            items.setWaits();
            states.waiting().add(key);
            status.tellAt = Math.min(status.tellAt, endOf(settings.everyMillis()));
        }
    }

    private void forgetWithin(long millis) {
        status.forgetAt = Math.min(status.forgetAt, now + millis);
    }

    /** A publish has an item. */
    private void publish(long generation, KeyBytes key, byte[] item, byte[] value, byte[] entry) {
        if (!items(key).publish(item, value, generation, settings.limits())) {
            telling.refuse(entry);
            status.generationHasAll = false;
        }
        changed.add(key);
        status.received++;
    }

    @Override
    public void complete(long generation, long version, long entries, boolean hasAll) {
        if (takesOf(generation)) {
            status.generationVersion = version;
            status.generationHasAll &= hasAll;
            status.expected = entries;
            if (status.stageAt == ShardStatus.NEVER) {
                takeNow();
            }
        }
    }

    /** The entries that are put aside are of one publish: before those of another come, all that came of the one before are staged. */
    private boolean takesOf(long generation) {
        if (generation > status.generation) {
            stageNow();
            completeNow();
        }
        return status.takesOf(generation, now);
    }

    /** A publish of which all has come counts, but for one thing: keys are brought up to the one before first, at its rate. */
    private void completeIfAllCame() {
        if (status.hasAllCome() && !hasRound(Work.COMPLETE) && status.complete()) {
            list(Work.COMPLETE);
        }
    }

    /** A publish of which all has come counts now, whatever is left of the one before. */
    private void completeNow() {
        if (status.hasAllCome()) {
            endCompleting();
            completeIfAllCame();
        }
    }

    /** Has no key behind the last publish that counts any more, whatever the rate. */
    private void endCompleting() {
        if (status.listings.removeIf(listing -> listing.work() == Work.COMPLETE)) {
            completeNow(allKeys());
        }
        for (Round round : status.rounds) {
            if (round.work() == Work.COMPLETE) {
                for (long page = round.nextPage(); page < round.endPage(); page++) {
                    completeNow(pages.take(page));
                }
            }
        }
        status.rounds.removeIf(round -> round.work() == Work.COMPLETE);
    }

    private void completeNow(List<KeyBytes> keys) {
        keys.stream().filter(key -> complete(key, items(key))).forEach(this::waits);
    }

    /** Brings a key up to the last publish that is complete; whether it is another one by that. */
    private boolean complete(KeyBytes key, KeyItems items) {
        changed.add(key);
        boolean isOther = items.complete(status.completeGeneration, status.completeVersion, status.completeHasAll, now);
        if (items.hasRemoved()) {
            forgetWithin(settings.retentionMillis());
        }
        return isOther;
    }

    @Override
    public void request(ViewRequest request) {
        Work work = Work.of(request.kind());
        double rate = request.keysPerSecond() == null ? settings.keysPerSecond() : request.keysPerSecond();
        if (request.keys() == null) {
            list(work, request.id(), rate, requireNonNullElse(request.prefix(), ""));
        } else {
            List<KeyBytes> keys = keysOfThis(request.keys());
            if (!keys.isEmpty()) {
                takeNow();
            }
            begin(work, request.id(), rate, keys, request.keys().size());
        }
    }

    private List<KeyBytes> keysOfThis(List<String> keys) {
        return keys.stream()
                .distinct()
                .map(key -> new KeyBytes(key.getBytes(UTF_8)))
                .filter(key -> key.shard(Shards.COUNT) == number)
                .toList();
    }

    private void list(Work work) {
        list(work, NOBODY, settings.keysPerSecond(), "");
    }

    /** Begins a round over all keys, or those with a prefix, when it is the shard's turn. */
    private void list(Work work, String request, double keysPerSecond, String prefix) {
        write();
        status.listings.add(Listing.begin(work, request, keysPerSecond, prefix, status.keys, number, now));
    }

    private void listDue(long by) {
        Predicate<Listing> isDue = listing -> afterChanges(listing.at()) <= by;
        if (status.listings.stream().anyMatch(isDue)) {
            takeNow();
            List<Listing> due = status.listings.stream().filter(isDue).toList();
            status.listings.removeAll(due);
            due.forEach(this::list);
        }
    }

    private void list(Listing listing) {
        List<KeyBytes> keys = allKeys().stream()
                .filter(key -> new String(key.bytes(), UTF_8).startsWith(listing.prefix()))
                .toList();
        long keysOfAll = (long) Shards.COUNT * keys.size();
        begin(listing.work(), listing.request(), listing.keysPerSecond(), keys, keysOfAll);
    }

    private List<KeyBytes> allKeys() {
        write();
        List<KeyBytes> all = new ArrayList<>();
        states.keys().keys().read().forEach(all::add);
        return all;
    }

    private void begin(Work work, String request, double keysPerSecond, List<KeyBytes> keys, long keysOfAll) {
        long first = status.nextPage;
        for (List<KeyBytes> page : Iterables.partition(keys, Round.keysOfPage(keysPerSecond))) {
            pages.put(status.nextPage++, page);
        }
        Round round = Round.begin(work, request, keysPerSecond, keysOfAll, first, status.nextPage, number, now);
        if (round.isOver()) {
            answer(round, Map.of());
        } else {
            status.rounds.add(round);
        }
    }

    private void answer(Round round, Map<KeyBytes, Told> told) {
        if (!round.request().isEmpty()) {
            telling.answer(round, told);
        }
    }

    private boolean hasRound(Work work) {
        return status.listings.stream().anyMatch(listing -> listing.work() == work)
                || status.rounds.stream().anyMatch(round -> round.work() == work);
    }

    /** The timer fires: does what is due. */
    void fire() {
        boolean yields = changesCome && status.timerAt < now - LATE_MILLIS;
        status.yieldsUntil = yields ? now + YIELDS_MILLIS : ShardStatus.NEVER;
        status.timerAt = ShardStatus.NEVER;
        doDue(now);
    }

    /** Nothing comes any more: does what is left, whenever it would be due. */
    void finish() {
        status.forgetAt = ShardStatus.NEVER;
        takeNow();
        completeNow();
        endCompleting();
        while (status.tellAt != ShardStatus.NEVER || !status.listings.isEmpty() || !status.rounds.isEmpty()) {
            doDue(ShardStatus.NEVER);
        }
    }

    private void doDue(long by) {
        doDueOfChanges(by);
        if (afterChanges(status.stageAt) <= by) {
            stageNow();
        }
        listDue(by);
        List<Round> rounds = new ArrayList<>(status.rounds);
        status.rounds.clear();
        for (Round round : rounds) {
            Round left = afterChanges(round.nextAt()) <= by ? walk(round) : round;
            if (!left.isOver()) {
                status.rounds.add(left);
            }
        }
        completeIfAllCame();
        if (status.forgetAt <= now) {
            forget();
        }
    }

    /** When what is due at some time is done, which is not a change: those go first where the shard is late, but not for long. */
    private long afterChanges(long at) {
        return at == ShardStatus.NEVER || status.yieldsUntil == ShardStatus.NEVER
                ? at
                : Math.max(at, Math.min(Math.min(status.yieldsUntil, now + YIELDS_MILLIS), at + MOST_MILLIS_YIELDED));
    }

    private void doDueOfChanges(long by) {
        if (Math.min(status.takeAt, status.tellAt) > by) {
            return;
        }
        Set<KeyBytes> others = take();
        if (status.tellAt <= by) {
            status.tellAt = ShardStatus.NEVER;
            Set<KeyBytes> told = tellWaiting();
            others.stream().filter(key -> !told.contains(key)).forEach(key -> tell(key, items(key)));
        } else {
            others.forEach(this::waits);
        }
    }

    /** Tells the keys that wait: which these were. */
    private Set<KeyBytes> tellWaiting() {
        Set<KeyBytes> told = new HashSet<>();
        for (KeyBytes key : states.waiting().read()) {
            KeyItems items = items(key);
            if (items.waits()) {
                tell(key, items);
                told.add(key);
            }
        }
        states.waiting().clear();
        return told;
    }

    /**
     * Tells a key that has changed, even if it has become again what it was when it was told last: after a restart more may have been told than
     * the state knows of.
     */
    private void tell(KeyBytes key, KeyItems items) {
        changed.add(key);
        items.tell();
        telling.tell(key, Told.of(items), Cause.CHANGE);
    }

    private Round walk(Round round) {
        List<KeyBytes> keys = pages.take(round.nextPage());
        Map<KeyBytes, Told> told = new LinkedHashMap<>();
        int known = 0;
        for (KeyBytes key : keys) {
            known += items(key).isKnown() ? 1 : 0;
            work(round.work(), key, items(key), told);
        }
        Round left = round.after(keys.size(), known, now);
        if (left.isOver() || !told.isEmpty() || (left.endPage() - left.nextPage()) % ViewAnswer.PAGES == 0) {
            answer(left, told);
        }
        return left;
    }

    private void work(Work work, KeyBytes key, KeyItems items, Map<KeyBytes, Told> told) {
        switch (work) {
            case FLUSH -> tellAgain(key, items, Cause.FLUSH);
            case REPAIR -> tellAgain(key, items, Cause.REPAIR);
            case RENEW -> tellAgain(key, items, Cause.RENEW);
            case TELL -> {
                if (items.isKnown()) {
                    told.put(key, Told.of(items));
                }
            }
            case COMPLETE -> {
                if (complete(key, items)) {
                    tell(key, items);
                }
            }
            case FORGET -> {
                changed.add(key);
                items.forget(now - settings.retentionMillis());
                if (items.hasRemoved()) {
                    forgetWithin(betweenLooks());
                }
            }
        }
    }

    private void tellAgain(KeyBytes key, KeyItems items, Cause cause) {
        if (items.isKnown()) {
            if (items.waits()) {
                items.tell();
                changed.add(key);
            }
            telling.tell(key, Told.of(items), cause);
        }
    }

    /**
     * What a publish that comes does not know of must not be forgotten before it is complete; but one of which nothing has come for a retention has
     * broken off.
     */
    private void forget() {
        status.forgetAt = ShardStatus.NEVER;
        boolean publishComes = status.gathers() && now - status.receivedAt < settings.retentionMillis();
        if (publishComes || hasRound(Work.FORGET)) {
            forgetWithin(betweenLooks());
        } else {
            list(Work.FORGET);
        }
    }

    private long betweenLooks() {
        return Math.max(1, settings.retentionMillis() / LOOKS);
    }

    private KeyItems items(KeyBytes key) {
        KeyItems known = inUse.get(key);
        if (known == null) {
            byte[] kept = states.keys().get(key).read();
            known = kept == null ? KeyItems.none() : KeyItems.of(kept);
            inUse.put(key, known);
            if (kept == null) {
                unkept.add(key);
            }
        }
        return known;
    }

    /** Whether nothing is known of it yet. */
    boolean isNew() {
        return kept == null;
    }

    /** In how many milliseconds the timer has to fire; null where it does early enough, or needs not. */
    @Nullable Long timerToSet() {
        long next = Math.min(Math.min(status.takeAt, status.tellAt), status.forgetAt);
        next = Math.min(next, afterChanges(status.stageAt));
        for (Listing listing : status.listings) {
            next = Math.min(next, afterChanges(listing.at()));
        }
        for (Round round : status.rounds) {
            next = Math.min(next, afterChanges(round.nextAt()));
        }
        next = Math.max(next, now); // what is made up for is no lateness
        if (next >= status.timerAt) {
            return null;
        }
        status.timerAt = next;
        return next - now;
    }

    /** Writes what has changed. */
    void close() {
        write();
        byte[] now = status.bytes();
        if (!Arrays.equals(kept, now)) {
            states.status().write(now);
        }
    }

    private void write() {
        for (KeyBytes key : changed) {
            KeyItems items = items(key);
            if (!items.isEmpty()) {
                states.keys().put(key, items.bytes());
                status.keys += unkept.remove(key) ? 1 : 0;
            } else if (unkept.add(key)) {
                states.keys().remove(key);
                status.keys--;
            }
        }
        changed.clear();
    }
}
