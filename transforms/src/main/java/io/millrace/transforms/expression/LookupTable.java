package io.millrace.transforms.expression;

import java.util.BitSet;
import java.util.List;

/** Filters by the constants that a place of the document must be one of for them. */
final class LookupTable {
    private final Fields.Field field;
    private final ConstantSet constants;
    private final int[] demands;
    private final BitSet[] filters;
    private final BitSet entered = new BitSet();

    /** A table of a field's constants, as often as they are asked for; no filter is entered yet. */
    LookupTable(Fields.Field field, List<Object> demanded) {
        this.field = field;
        this.constants = new ConstantSet(demanded);
        this.demands = new int[constants.places()];
        this.filters = new BitSet[constants.places()];
        for (int place = 0; place < filters.length; place++) {
            filters[place] = new BitSet();
        }
        demanded.forEach(constant -> demands[place(constant)]++);
    }

    /** How often these constants are asked for. */
    int demand(ConstantSet wanted) {
        return wanted.elements().stream()
                .mapToInt(constant -> demands[place(constant)])
                .sum();
    }

    /** Enters the filter at a position, which wants one of some of the constants. */
    void enter(int position, ConstantSet wanted) {
        entered.set(position);
        wanted.elements().forEach(constant -> filters[place(constant)].set(position));
    }

    private int place(Object constant) {
        Frame frame = new Frame(new Slots(1), 0);
        return constants.placeOf(frame, new Constant(constant).evaluate(frame));
    }

    /** The field, as a user writes it. */
    String field() {
        return "event." + field.path();
    }

    /** The filters that are entered. */
    BitSet entered() {
        return entered;
    }

    /**
     * Adds the filters that are entered under the field's value; all, where it has none, since they fail or decide otherwise: then they are
     * undecided, too.
     */
    void select(Frame frame, BitSet selected, BitSet undecided) {
        int kind = field.evaluate(frame);
        if (kind == Kind.ERROR) {
            selected.or(entered);
            undecided.or(entered);
            return;
        }
        int place = constants.placeOf(frame, kind);
        if (place != ConstantSet.NONE) {
            selected.or(filters[place]);
        }
    }
}
