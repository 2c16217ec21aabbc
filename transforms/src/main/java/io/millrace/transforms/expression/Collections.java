package io.millrace.transforms.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists and maps that an expression makes, and the loops of its macros. */
final class Collections {
    private Collections() {}

    static boolean isKey(Object value) {
        return value instanceof String
                || value instanceof Long
                || value instanceof Unsigned
                || value instanceof Boolean;
    }

    /** {@code [a, b]}. */
    static final class ListOf extends Node {
        private final Node[] elements;

        ListOf(List<Node> elements) {
            this.elements = elements.toArray(Node[]::new);
        }

        @Override
        int evaluate(Frame frame) {
            List<Object> list = new ArrayList<>(elements.length);
            for (Node element : elements) {
                int kind = element.evaluate(frame);
                if (kind == Kind.ERROR) {
                    return kind;
                }
                list.add(frame.boxed(kind));
            }
            return frame.list(list);
        }

        @Override
        int write(Frame frame, JsonBytes out) {
            out.put('[');
            for (int i = 0; i < elements.length; i++) {
                if (i > 0) {
                    out.put(',');
                }
                if (elements[i].write(frame, out) == Kind.ERROR) {
                    return Kind.ERROR;
                }
            }
            out.put(']');
            return Kind.LIST;
        }
    }

    /** {@code {a: b, c: d}}. */
    static final class MapOf extends Node {
        private final Node[] keys;
        private final Node[] values;

        MapOf(List<Node> keys, List<Node> values) {
            this.keys = keys.toArray(Node[]::new);
            this.values = values.toArray(Node[]::new);
        }

        @Override
        int evaluate(Frame frame) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < keys.length; i++) {
                int keyKind = keys[i].evaluate(frame);
                if (keyKind == Kind.ERROR) {
                    return keyKind;
                }
                Object key = frame.boxed(keyKind);
                int valueKind = values[i].evaluate(frame);
                if (valueKind == Kind.ERROR) {
                    return valueKind;
                }
                if (!isKey(key)) {
                    return frame.fail("a map has no key of type " + Kind.typeName(keyKind));
                }
                if (Values.find(map, key) != null) {
                    return frame.fail("a map has a key twice");
                }
                map.put(key, frame.boxed(valueKind));
            }
            frame.object = map;
            return Kind.MAP;
        }
    }

    /** The loop behind {@code all}, {@code exists}, {@code exists_one}, {@code map} and {@code filter}. */
    static final class Fold extends Node {
        private final Node range;
        private final int element;
        private final int result;
        private final Node start;
        private final Node goesOn;
        private final Node step;
        private final Node outcome;

        Fold(Node range, int element, int result, Node start, Node goesOn, Node step, Node outcome) {
            this.range = range;
            this.element = element;
            this.result = result;
            this.start = start;
            this.goesOn = goesOn;
            this.step = step;
            this.outcome = outcome;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = range.evaluate(frame);
            if (kind == Kind.ERROR) {
                return kind;
            }
            if (kind != Kind.LIST && kind != Kind.MAP) {
                return frame.fail("a " + Kind.typeName(kind) + " has no elements to look at");
            }
            Iterable<?> elements = kind == Kind.LIST ? (List<?>) frame.object : ((Map<?, ?>) frame.object).keySet();
            int startKind = start.evaluate(frame);
            frame.locals[result] = boxedOrFailure(frame, startKind);
            for (Object each : elements) {
                frame.locals[element] = each;
                if (goesOn.evaluate(frame) != Kind.TRUE) {
                    break;
                }
                frame.locals[result] = boxedOrFailure(frame, step.evaluate(frame));
            }
            return outcome.evaluate(frame);
        }

        private static Object boxedOrFailure(Frame frame, int kind) {
            return kind == Kind.ERROR ? new Failure(frame.error) : frame.boxed(kind);
        }
    }

    /** The empty list with which {@code map} and {@code filter} begin. */
    static final class Collected extends Node {
        @Override
        int evaluate(Frame frame) {
            return frame.list(new ArrayList<>());
        }
    }

    /** {@code @result + [a]} of {@code map} and {@code filter}: grows the list of {@link Collected} in place. */
    static final class Append extends Node {
        private final Node list;
        private final Node element;

        Append(Node list, Node element) {
            this.list = list;
            this.element = element;
        }

        @Override
        @SuppressWarnings("unchecked")
        int evaluate(Frame frame) {
            int kind = list.evaluate(frame);
            if (kind == Kind.ERROR) {
                return kind;
            }
            List<Object> collected = (List<Object>) frame.object;
            int elementKind = element.evaluate(frame);
            if (elementKind == Kind.ERROR) {
                return elementKind;
            }
            collected.add(frame.boxed(elementKind));
            return frame.list(collected);
        }
    }
}
