package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.kafka.Deduplicate.Known;
import io.millrace.io.kafka.OriginMark.Input;
import io.millrace.io.kafka.OriginMark.Position;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.joiner.Joined.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@link Deduplicate} knows, as text that consumers keep: so its form never changes. A first line with the form's version, then one for each mark and each
 * identity, sorted. A mark's input is written as the identity of the first result of its epoch.
 */
final class MarksText {
    private static final String VERSION = "millrace-marks 1";
    private static final String MARK = "mark";
    private static final String IDENTITY = "id";

    private MarksText() {}

    static String of(Map<Input, OriginMark> marks, Map<ResultId, Known> known) {
        Stream<String> markLines = marks.entrySet().stream().map(entry -> line(entry.getKey(), entry.getValue()));
        Stream<String> knownLines = known.entrySet().stream().map(entry -> line(entry.getKey(), entry.getValue()));
        return Stream.concat(
                        Stream.of(VERSION), Stream.concat(markLines, knownLines).sorted())
                .collect(Collectors.joining("\n"));
    }

    private static String line(Input input, OriginMark mark) {
        ResultId first = ResultId.of(new Origin(input.stream(), input.partition(), mark.from()))
                .madeBy(input.step());
        return String.join(
                " ", MARK, first.toString(), Long.toString(mark.epoch()), text(mark.at()), text(mark.furthest()));
    }

    private static String text(Position position) {
        return position.offset() + "/" + position.ordinal();
    }

    private static String line(ResultId id, Known known) {
        return String.join(" ", IDENTITY, id.toString(), Long.toString(known.epoch()), text(known.stages()));
    }

    private static String text(Set<Stage> stages) {
        return stages.isEmpty()
                ? "-"
                : stages.stream().sorted().map(Stage::name).collect(Collectors.joining(","));
    }

    static void read(String text, Map<Input, OriginMark> marks, Map<ResultId, Known> known) {
        List<String> lines = text.lines().toList();
        checkArgument(
                !lines.isEmpty() && lines.get(0).equals(VERSION),
                "marks must begin with '%s', but were '%s'",
                VERSION,
                text);
        for (String line : lines.subList(1, lines.size())) {
            List<String> parts = List.of(line.split(" ", -1));
            if (parts.size() == 5 && parts.get(0).equals(MARK)) {
                readMark(parts, marks);
            } else {
                checkArgument(
                        parts.size() == 4 && parts.get(0).equals(IDENTITY),
                        "a line of marks must be one of a mark or an id, but was '%s'",
                        line);
                known.put(ResultId.parse(parts.get(1)), new Known(Long.parseLong(parts.get(2)), stages(parts.get(3))));
            }
        }
    }

    private static void readMark(List<String> parts, Map<Input, OriginMark> marks) {
        ResultId first = ResultId.parse(parts.get(1));
        Origin origin = first.origin();
        marks.put(
                new Input(first.step(), origin.stream(), origin.partition()),
                new OriginMark(
                        Long.parseLong(parts.get(2)), origin.offset(), position(parts.get(3)), position(parts.get(4))));
    }

    private static Position position(String text) {
        int slash = text.indexOf('/');
        checkArgument(slash > 0, "a position must be <offset>/<ordinal>, but was '%s'", text);
        return new Position(Long.parseLong(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    private static Set<Stage> stages(String text) {
        return text.equals("-")
                ? Set.of()
                : Stream.of(text.split(",", -1))
                        .map(Stage::valueOf)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Stage.class)));
    }
}
