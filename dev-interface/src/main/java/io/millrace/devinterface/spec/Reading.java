package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is found while a spec is read: its problems, and the parts that could be made although others could not. */
final class Reading {
    private final List<SpecProblem> problems = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();

    /** A part of the spec that was made, and where it stands. */
    record Part(String path, Mark at, Object made) {}

    /** Notes a problem; a message that begins with the path's last name is given without it. */
    void problem(String path, Mark at, String message) {
        String subject = path.substring(path.lastIndexOf('.') + 1) + " ";
        String said = message.startsWith(subject) ? message.substring(subject.length()) : message;
        problems.add(new SpecProblem(path.isEmpty() ? "spec" : path, Words.oneLine(said), at.line(), at.column()));
    }

    /** How many problems were noted so far. */
    int count() {
        return problems.size();
    }

    /** Notes a part that was made. */
    void made(String path, Mark at, Object part) {
        parts.add(new Part(path, at, part));
    }

    /** The parts of a kind, in the order in which they were made. */
    <T> List<Part> parts(Class<T> kind) {
        return parts.stream().filter(part -> kind.isInstance(part.made())).toList();
    }

    /** Where a part stands that was made at a path. */
    Optional<Mark> at(String path) {
        return parts.stream()
                .filter(part -> part.path().equals(path))
                .map(Part::at)
                .findFirst();
    }

    /** The problems, in the order of the text. */
    List<SpecProblem> problems() {
        return problems.stream()
                .sorted(Comparator.comparingInt(SpecProblem::line).thenComparingInt(SpecProblem::column))
                .distinct()
                .toList();
    }
}
