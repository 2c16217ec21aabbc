package io.millrace.pipelines.join;

import io.millrace.transforms.event.ResultId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of events of one side, in the order of their times.
 *
 * @param count how many there are
 * @param first the document of the first; empty if there is none
 * @param last the document of the last, likewise
 * @param list the documents of all, where they are wanted
 * @param firstId the identity of the first, where it is wanted
 * @param windows how many there are of each window, where that is wanted
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record Kept(
        long count,
        byte[] first,
        byte[] last,
        List<byte[]> list,
        @Nullable ResultId firstId,
        List<WindowCount> windows) {
    static final Kept NOTHING = new Kept(0, new byte[0], new byte[0], List.of(), null, List.of());

    /** This and what is kept of later events. */
    Kept and(Kept later) {
        if (count == 0) {
            return later;
        }
        if (later.count == 0) {
            return this;
        }
        return new Kept(
                count + later.count,
                first,
                later.last,
                Stream.concat(list.stream(), later.list.stream()).toList(),
                firstId,
                together(windows, later.windows));
    }

    Kept withList(List<byte[]> documents) {
        return new Kept(count, first, last, documents, firstId, windows);
    }

    private static List<WindowCount> together(List<WindowCount> earlier, List<WindowCount> later) {
        List<WindowCount> all = new ArrayList<>(earlier);
        for (WindowCount window : later) {
            int at = indexOf(window, all);
            if (at < 0) {
                all.add(window);
            } else {
                all.set(at, all.get(at).and(window));
            }
        }
        return all;
    }

    private static int indexOf(WindowCount window, List<WindowCount> all) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isOfTheSameAs(window)) {
                return i;
            }
        }
        return -1;
    }
}
