package io.millrace.io.kafka;

import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.joiner.Joined.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A random history of jobs that write a topic, of the consumers that read it, and of the final results by a plain account of which spec has the last word on which event.
 *
 * <p>A job reads two input partitions and writes to two partitions of a topic. It fails and goes on from its last checkpoint, is taken back to any point of its past with another
 * spec, and what it has not made again is retracted when it has read all of it. Jobs that failed or were stopped write on: results of what is read again until
 * that is retracted, and any others where a higher epoch has written something.
 */
final class RewoundJobs {
    private static final int INPUTS = 2;
    private static final int OUTPUTS = 2;
    private static final int EVENTS = 9;
    private static final int SPECS = 3;
    private static final int STEPS = 90;

    private final Random random;
    private final boolean inOrder;
    private final List<String> story = new ArrayList<>();
    private final List<Written> topic = new ArrayList<>();
    private final List<Consumer> consumers = new ArrayList<>();
    private final List<Job> zombies = new ArrayList<>();
    private final List<Written> replays = new ArrayList<>();
    private final List<int[]> points = new ArrayList<>();
    private final LastWord[][] lastWords = new LastWord[INPUTS][EVENTS];
    private final int[] reached = new int[INPUTS];
    private Job live;
    private int begunAt;
    private boolean isSettled = true;

    RewoundJobs(long seed, boolean inOrder) {
        this.random = new Random(seed);
        this.inOrder = inOrder;
        this.live = new Job(0, 0, new int[INPUTS]);
        points.add(new int[INPUTS]);
        IntStream.range(0, OUTPUTS).forEach(output -> consumers.add(new Consumer()));
        sayFrom(new int[INPUTS]);
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(12)) {
                case 0 -> checkpoint();
                case 1 -> fail();
                case 2 -> rewind();
                case 3 -> settle();
                case 4 -> replay();
                case 5, 6 -> zombieGoesOn();
                default -> live.goOn(random.nextInt(INPUTS));
            }
        }
        readToTheEnd();
        settle();
        IntStream.range(0, 20).forEach(time -> zombieGoesOn());
    }

    /** What the consumers hold, by identity. */
    Map<String, String> held() {
        Map<String, String> held = new TreeMap<>();
        consumers.forEach(consumer -> held.putAll(consumer.held));
        return held;
    }

    /** What the last word on each event is. */
    Map<String, String> finalResults() {
        Map<String, String> results = new TreeMap<>();
        for (int input = 0; input < INPUTS; input++) {
            for (int offset = 0; offset < EVENTS; offset++) {
                LastWord lastWord = lastWords[input][offset];
                for (int ordinal = 0; ordinal < results(lastWord.spec, input, offset); ordinal++) {
                    results.put(id(input, offset, ordinal).toString(), "by spec " + lastWord.spec);
                }
                if (lastWord.isReplayed) {
                    results.put(id(input, offset, 0).toString(), "by a replay");
                }
            }
        }
        return results;
    }

    String story() {
        return String.join("\n", story);
    }

    private void checkpoint() {
        live.writeAll();
        points.add(live.next.clone());
        story.add("checkpoint at " + Arrays.toString(live.next));
    }

    private void fail() {
        story.add("failure");
        zombies.add(live);
        live = new Job(live.epoch, live.spec, points.get(points.size() - 1));
    }

    /** What is not settled has to be read again once more. */
    private void rewind() {
        int point = random.nextInt(isSettled ? points.size() : begunAt + 1);
        points.subList(point + 1, points.size()).clear();
        zombies.add(live);
        zombies.forEach(zombie -> zombie.stopAt(reached));
        live = new Job(live.epoch + 1, random.nextInt(SPECS), points.get(point));
        sayFrom(live.next);
        begunAt = point;
        isSettled = false;
        story.add("rewind to " + Arrays.toString(live.next) + " in epoch " + live.epoch + " with spec " + live.spec);
    }

    private void sayFrom(int[] offsets) {
        for (int input = 0; input < INPUTS; input++) {
            for (int offset = offsets[input]; offset < EVENTS; offset++) {
                lastWords[input][offset] = new LastWord(live.epoch, live.spec);
            }
        }
    }

    private void settle() {
        if (isSettled || !IntStream.range(0, INPUTS).allMatch(input -> live.next[input] >= reached[input])) {
            return;
        }
        checkpoint();
        Map<ResultId, Long> newest = new HashMap<>();
        Map<ResultId, Integer> outputs = new HashMap<>();
        topic.forEach(written -> newest.merge(written.result.id(), written.result.epoch(), Math::max));
        topic.forEach(written -> outputs.put(written.result.id(), written.output));
        newest.forEach((id, epoch) -> {
            int from = points.get(begunAt)[id.origin().partition()];
            if (epoch < live.epoch && id.origin().offset() >= from) {
                write(outputs.get(id), new WrittenResult(id, live.epoch, !inOrder, false, true, Stage.COMPLETE), "");
            }
        });
        isSettled = true;
    }

    /** Of dead letters that were not made again by another job, or of such a replay once more. */
    private void replay() {
        int input = random.nextInt(INPUTS);
        for (int offset = 0; offset < live.next[input]; offset++) {
            LastWord lastWord = lastWords[input][offset];
            if (isDeadLetter(lastWord.spec, input, offset) && random.nextBoolean()) {
                long epoch = random.nextBoolean() ? lastWord.epoch : live.epoch;
                WrittenResult result =
                        new WrittenResult(id(input, offset, 0), epoch, !inOrder, true, false, Stage.COMPLETE);
                replays.add(write(output(input, offset, 0), result, "by a replay"));
                lastWord.isReplayed = true;
            }
        }
        if (!replays.isEmpty()) {
            Written again = replays.get(random.nextInt(replays.size()));
            write(again.output, again.result, again.value);
        }
    }

    private void zombieGoesOn() {
        if (!zombies.isEmpty()) {
            zombies.get(random.nextInt(zombies.size())).goOn(random.nextInt(INPUTS));
        }
    }

    /** Whether it will be retracted, unless it is made again. */
    private boolean isReadAgain(int[] event) {
        return !isSettled && event[1] >= points.get(begunAt)[event[0]];
    }

    private void readToTheEnd() {
        for (int input = 0; input < INPUTS; input++) {
            while (live.next[input] < EVENTS) {
                live.goOn(input);
            }
        }
        live.writeAll();
    }

    private Written write(int output, WrittenResult result, String value) {
        Written written = new Written(output, result, value);
        topic.add(written);
        consumers.get(output).take(written);
        return written;
    }

    private static int results(int spec, int input, int offset) {
        return isDeadLetter(spec, input, offset) ? 0 : Math.floorMod(hash(spec, input, offset) / 5, 3);
    }

    private static boolean isDeadLetter(int spec, int input, int offset) {
        return Math.floorMod(hash(spec, input, offset), 5) == 0;
    }

    private static int output(int input, int offset, int ordinal) {
        return Math.floorMod(hash(SPECS + input, offset, ordinal) >> 3, OUTPUTS);
    }

    private static int hash(int one, int two, int three) {
        return new Random(Objects.hash(one, two, three)).nextInt();
    }

    private static ResultId id(int input, int offset, int ordinal) {
        return ResultId.of(new Origin("cluster/plays", input, offset)).madeBy("long-plays", ordinal);
    }

    /** A job that reads on; in no order, it may write later what it has read, but before its next checkpoint. */
    private final class Job {
        private final long epoch;
        private final int spec;
        private final int[] next;
        private final List<int[]> read = new ArrayList<>();
        private int[] end = {EVENTS, EVENTS};

        Job(long epoch, int spec, int[] from) {
            this.epoch = epoch;
            this.spec = spec;
            this.next = from.clone();
        }

        void stopAt(int[] offsets) {
            if (end[0] == EVENTS && end[1] == EVENTS) {
                end = offsets.clone();
            }
        }

        void goOn(int input) {
            if (next[input] < end[input]) {
                read.add(new int[] {input, next[input]++});
                if (epoch == live.epoch) {
                    reached[input] = Math.max(reached[input], next[input]);
                }
            }
            if (!read.isEmpty() && (inOrder || random.nextBoolean())) {
                writeOf(read.remove(inOrder ? 0 : random.nextInt(read.size())));
            }
        }

        void writeAll() {
            while (!read.isEmpty()) {
                writeOf(read.remove(inOrder ? 0 : random.nextInt(read.size())));
            }
        }

        private void writeOf(int[] event) {
            for (int ordinal = 0; ordinal < results(spec, event[0], event[1]); ordinal++) {
                int output = output(event[0], event[1], ordinal);
                if (epoch == live.epoch
                        || isReadAgain(event)
                        || consumers.get(output).saw(event[0], epoch)) {
                    write(
                            output,
                            new WrittenResult(
                                    id(event[0], event[1], ordinal), epoch, !inOrder, false, false, Stage.COMPLETE),
                            "by spec " + spec);
                }
            }
        }
    }

    /** Reads a partition of the topic, and is started again now and then. */
    private final class Consumer {
        private final Map<String, String> held = new HashMap<>();
        private final Map<Integer, Set<Long>> epochs = new HashMap<>();
        private Deduplicate deduplicate = Deduplicate.fromTheStart();

        void take(Written written) {
            WrittenResult result = written.result;
            if (!result.replayed()) {
                epochs.computeIfAbsent(result.input().partition(), input -> new HashSet<>())
                        .add(result.epoch());
            }
            if (random.nextInt(8) == 0) {
                deduplicate = Deduplicate.goingOnFrom(deduplicate.marks());
            }
            Deduplicate.Verdict verdict = deduplicate.judge(result);
            story.add(written + ": " + verdict);
            switch (verdict) {
                case NEW, CORRECTION -> held.put(result.id().toString(), written.value);
                case RETRACTION -> held.remove(result.id().toString());
                case REPEAT, STALE -> {}
            }
        }

        /** Whether a higher epoch has written something of an input partition. */
        boolean saw(int input, long than) {
            return epochs.getOrDefault(input, Set.of()).stream().anyMatch(epoch -> epoch > than);
        }
    }

    private record Written(int output, WrittenResult result, String value) {}

    /** Who has the last word on an event. */
    private static final class LastWord {
        private final long epoch;
        private final int spec;
        private boolean isReplayed;

        LastWord(long epoch, int spec) {
            this.epoch = epoch;
            this.spec = spec;
        }
    }
}
