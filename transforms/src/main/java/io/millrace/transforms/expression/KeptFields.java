package io.millrace.transforms.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The list form of a projection as a tree of names; a name without names below it is copied whole. */
final class KeptFields {
    private final Map<String, KeptFields> below = new LinkedHashMap<>();

    private KeptFields() {}

    static KeptFields of(List<String> paths) {
        KeptFields tree = new KeptFields();
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            List<String> names = List.of(path.split("\\.", -1));
            if (names.contains("") || JsonStrings.hasLoneSurrogate(path)) {
                problems.add(new Problem(1, 1, "'" + path + "' is no path of field names"));
            } else if (paths.indexOf(path) < i) {
                problems.add(new Problem(1, 1, "'" + path + "' is there twice"));
            } else {
                tree.add(names);
                addContainers(path, paths, problems);
            }
        }
        if (!problems.isEmpty()) {
            throw new ExpressionException(problems);
        }
        return tree;
    }

    private static void addContainers(String path, List<String> paths, List<Problem> problems) {
        for (String other : paths) {
            if (path.startsWith(other + ".")) {
                problems.add(new Problem(1, 1, "'" + path + "' is already kept with '" + other + "'"));
            }
        }
    }

    private void add(List<String> names) {
        KeptFields at = this;
        for (String name : names) {
            at = at.below.computeIfAbsent(name, key -> new KeptFields());
        }
    }

    Node compile(Path document) {
        return new Whole(fields(document));
    }

    private List<Node> fields(Path place) {
        List<Node> fields = new ArrayList<>();
        below.forEach((name, tree) -> fields.add(tree.field(name, place.child(name))));
        return fields;
    }

    private Node field(String name, Path place) {
        return below.isEmpty() ? new Kept(name, place) : new Nested(name, fields(place));
    }

    /** Answers {@link Kind#NULL} where it wrote a field, {@link Kind#FALSE} where there was nothing to write. */
    private abstract static class Part extends Node {
        @Override
        int evaluate(Frame frame) {
            throw new UnsupportedOperationException("a projection is only written");
        }

        static boolean members(Node[] fields, Frame frame, JsonBytes out) {
            boolean any = false;
            for (Node field : fields) {
                int before = out.size();
                if (any) {
                    out.put(',');
                }
                if (field.write(frame, out) == Kind.FALSE) {
                    out.cut(before);
                } else {
                    any = true;
                }
            }
            return any;
        }
    }

    private static final class Whole extends Part {
        private final Node[] fields;

        Whole(List<Node> fields) {
            this.fields = fields.toArray(Node[]::new);
        }

        @Override
        int write(Frame frame, JsonBytes out) {
            out.put('{');
            members(fields, frame, out);
            out.put('}');
            return Kind.MAP;
        }
    }

    private static final class Nested extends Part {
        private final byte[] opening;
        private final Node[] fields;

        Nested(String name, List<Node> fields) {
            this.opening = Projection.opening(name);
            this.fields = fields.toArray(Node[]::new);
        }

        @Override
        int write(Frame frame, JsonBytes out) {
            out.raw(opening);
            out.put('{');
            boolean any = members(fields, frame, out);
            out.put('}');
            return any ? Kind.NULL : Kind.FALSE;
        }
    }

    private static final class Kept extends Part {
        private final byte[] opening;
        private final Path place;

        Kept(String name, Path place) {
            this.opening = Projection.opening(name);
            this.place = place;
        }

        @Override
        int write(Frame frame, JsonBytes out) {
            Slots slots = frame.slots;
            if (slots.type(place) == Slots.ABSENT) {
                return Kind.FALSE;
            }
            out.raw(opening);
            out.raw(slots.document(), slots.start(place), slots.end(place));
            return Kind.NULL;
        }
    }
}
