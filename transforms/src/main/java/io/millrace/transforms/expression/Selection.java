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
 * asked for least. What a value that was found has answered is not asked again: a filter that asked nothing else is true, and of another the
 * rest is tried. All other filters are always tried.
 *
 * <p>This is the predicate index of E. N. Hanson et al., A Predicate Matching Algorithm for Database Rule Systems, SIGMOD 1990, with
 * tables for equality alone.
 *
 * <p><i>State</i>: immutable; an {@link Evaluator} of the same plan takes it.
 */
public final class Selection {
    /** With fewer filters in a table, trying each costs less than looking up. */
    private static final int FEWEST_IN_TABLE = 4;

    private final List<@Nullable Handle<Filter>> filters;
    /** What there is to ask of each filter that was found; null if nothing is left. */
    private final @Nullable Node[] rests;

    private final BitSet always = new BitSet();
    private final List<LookupTable> tables = new ArrayList<>();

    private Selection(List<@Nullable Handle<Filter>> filters) {
        this.filters = new ArrayList<>(filters);
        this.rests = new Node[filters.size()];
    }

    /** A selection of filters of a plan, in which they are known by their positions; null is one that takes every event. */
    static Selection of(Plan plan, List<@Nullable Handle<Filter>> filters) {
        List<List<Question>> questions = filters.stream()
                .map(filter -> filter == null
                        ? List.<Question>of()
                        : questions(plan.program(filter).node()))
                .toList();
        Map<Path, LookupTable> tables = tables(questions);
        Selection selection = new Selection(filters);
        for (int position = 0; position < filters.size(); position++) {
            selection.enter(position, questions.get(position), tables);
        }
        tables.values().forEach(selection::take);
        return selection;
    }

    /** A membership that a filter asks for, and what else it asks; null if nothing. */
    private record Question(Membership membership, @Nullable Node rest) {
        Path path() {
            return membership.field().path();
        }

        ConstantSet constants() {
            return membership.constants();
        }
    }

    private static List<Question> questions(Node filter) {
        List<Node> conjuncts = filter.conjuncts();
        List<Question> questions = new ArrayList<>();
        for (int one = 0; one < conjuncts.size(); one++) {
            Membership membership = conjuncts.get(one).membership();
            if (membership != null && membership.constants().hasPlaces()) {
                questions.add(new Question(membership, without(one, conjuncts)));
            }
        }
        return questions;
    }

    private static @Nullable Node without(int one, List<Node> conjuncts) {
        List<Node> others = new ArrayList<>(conjuncts);
        others.remove(one);
        return others.isEmpty() ? null : Logic.Junction.all(others);
    }

    private static Map<Path, LookupTable> tables(List<List<Question>> questions) {
        Map<Path, List<Membership>> byField = new LinkedHashMap<>();
        questions.forEach(
                each -> each.forEach(question -> byField.computeIfAbsent(question.path(), path -> new ArrayList<>())
                        .add(question.membership())));
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

    private void enter(int position, List<Question> questions, Map<Path, LookupTable> tables) {
        Optional<Question> rarest = questions.stream()
                .min(Comparator.comparingInt(
                        question -> tableOf(question, tables).demand(question.constants())));
        if (rarest.isPresent()) {
            tableOf(rarest.get(), tables).enter(position, rarest.get().constants());
            rests[position] = rarest.get().rest();
        } else {
            always.set(position);
        }
    }

    private static LookupTable tableOf(Question question, Map<Path, LookupTable> tables) {
        return requireNonNull(tables.get(question.path()));
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
        selected.set(0, rests.length);
    }

    /** Leaves in a set the filters that the event may pass or fail on, and in another those of them of which nothing is known yet. */
    void select(Frame frame, BitSet selected, BitSet undecided) {
        selected.clear();
        selected.or(always);
        undecided.clear();
        undecided.or(always);
        for (LookupTable table : tables) {
            table.select(frame, selected, undecided);
        }
    }

    /** The filter at a position; null if it takes every event. */
    @Nullable Handle<Filter> filter(int position) {
        return filters.get(position);
    }

    /** What is to be asked of a filter that is selected and not undecided; null if it is true. */
    @Nullable Node rest(int position) {
        return rests[position];
    }
}
