package io.millrace.transforms.expression;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Filters of a plan that one event is held against at once: what it cannot pass is ruled out without being tried.
 *
 * <p>Most filters ask, alone or beside other things, whether a field is one of some constants. Such a filter is entered under these
 * constants in a table of that field, and an event's field is looked up there: so what an event costs depends on how many
 * filters want its values, and not on how many there are. Of several such questions in one filter, the one counts whose constants are
 * asked for least. All other filters are always tried.
 *
 * <p>This is the predicate index of E. N. Hanson et al., A Predicate Matching Algorithm for Database Rule Systems, SIGMOD 1990, with
 * tables for equality alone.
 *
 * <p><i>State</i>: immutable; an {@link Evaluator} of the same plan takes it.
 */
public final class Selection {
    /** With fewer filters in a table, trying each costs less than looking up. */
    private static final int FEWEST_IN_TABLE = 4;

    private final int size;
    private final BitSet always = new BitSet();
    private final List<LookupTable> tables = new ArrayList<>();

    private Selection(int size) {
        this.size = size;
    }

    /** A selection of filters of a plan, in which they are known by their positions; null is one that takes every event. */
    static Selection of(Plan plan, List<@Nullable Handle<Filter>> filters) {
        List<List<Membership>> questions = filters.stream()
                .map(filter -> filter == null
                        ? List.<Membership>of()
                        : questions(plan.program(filter).node()))
                .toList();
        Map<Path, LookupTable> tables = tables(questions);
        Selection selection = new Selection(filters.size());
        for (int position = 0; position < filters.size(); position++) {
            selection.enter(position, questions.get(position), tables);
        }
        tables.values().forEach(selection::take);
        return selection;
    }

    private static List<Membership> questions(Node filter) {
        return filter.conjuncts().stream()
                .map(Node::membership)
                .flatMap(question -> Optional.ofNullable(question).stream())
                .filter(question -> question.constants().hasPlaces())
                .toList();
    }

    private static Map<Path, LookupTable> tables(List<List<Membership>> questions) {
        Map<Path, List<Membership>> byField = new LinkedHashMap<>();
        questions.forEach(each -> each.forEach(
                question -> byField.computeIfAbsent(question.field().path(), path -> new ArrayList<>())
                        .add(question)));
        Map<Path, LookupTable> tables = new LinkedHashMap<>();
        byField.forEach((path, asked) -> tables.put(
                path,
                new LookupTable(
                        asked.get(0).field(),
                        asked.stream()
                                .flatMap(question -> question.constants().elements().stream())
                                .toList())));
        return tables;
    }

    private void enter(int position, List<Membership> questions, Map<Path, LookupTable> tables) {
        Optional<Membership> rarest = questions.stream()
                .min(Comparator.comparingInt(
                        question -> tableOf(question, tables).demand(question.constants())));
        if (rarest.isPresent()) {
            tableOf(rarest.get(), tables).enter(position, rarest.get().constants());
        } else {
            always.set(position);
        }
    }

    private static LookupTable tableOf(Membership question, Map<Path, LookupTable> tables) {
        return requireNonNull(tables.get(question.field().path()));
    }

    private void take(LookupTable table) {
        if (table.entered().cardinality() < FEWEST_IN_TABLE) {
            always.or(table.entered());
        } else {
            tables.add(table);
        }
    }

    /**
     * By the fields whose value is looked up, as a user writes them, the positions of the filters that are found there; all others are
     * always tried.
     */
    public Map<String, BitSet> lookups() {
        Map<String, BitSet> lookups = new LinkedHashMap<>();
        tables.forEach(
                table -> lookups.put(table.field(), (BitSet) table.entered().clone()));
        return lookups;
    }

    /** Whether the document is looked into. */
    boolean readsDocument() {
        return !tables.isEmpty();
    }

    /** Leaves all filters in a set. */
    void selectAll(BitSet selected) {
        selected.set(0, size);
    }

    /** Leaves in a set the filters that the event may pass or fail on. */
    void select(Frame frame, BitSet selected) {
        selected.clear();
        selected.or(always);
        for (LookupTable table : tables) {
            table.select(frame, selected);
        }
    }
}
