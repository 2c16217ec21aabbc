package io.millrace.io.objects;

import com.google.common.collect.Lists;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** The lines of one object: each result once, in an order that does not depend on when they came. */
final class Lines {
    private final List<Line> lines;

    private Lines(List<Line> lines) {
        this.lines = lines;
    }

    /** All lines of some blocks. The blocks' bytes are not copied. */
    static Lines of(Iterable<LineBlock> blocks) {
        List<Line> sorted = new ArrayList<>();
        blocks.forEach(block -> block.forEach(sorted::add));
        sorted.sort(Line.ORDER);
        return new Lines(withoutRepeats(sorted));
    }

    private static List<Line> withoutRepeats(List<Line> sorted) {
        List<Line> unique = new ArrayList<>(sorted.size());
        for (Line line : sorted) {
            if (unique.isEmpty() || !unique.get(unique.size() - 1).id().equals(line.id())) {
                unique.add(line);
            }
        }
        return unique;
    }

    int size() {
        return lines.size();
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** What is to be known of where results came from. */
    enum Detail {
        /** The range in each partition that they lie in. */
        RANGE,
        /** Their offsets, and no others. */
        EXACT,
        /** Of the lines of an archive: what was read to come to them. */
        READ
    }

    /** Where the results came from. */
    Offsets offsets(Detail detail) {
        List<ResultId> ids = Lists.transform(lines, Line::id);
        return switch (detail) {
            case RANGE -> Offsets.ofResults(ids);
            case EXACT -> Offsets.exactlyOfResults(ids);
            case READ -> Offsets.joined(lines.stream().map(Line::read).toList());
        };
    }

    void writeTo(OutputStream out) throws IOException {
        for (Line line : lines) {
            line.writeTo(out);
            out.write('\n');
        }
    }
}
