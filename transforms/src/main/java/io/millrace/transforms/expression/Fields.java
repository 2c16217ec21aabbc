package io.millrace.transforms.expression;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reading parts: places of the document, the other variables, members of computed values. */
final class Fields {
    private Fields() {}

    /** A place of the document with a constant path. */
    static final class Field extends Node {
        private final Path path;

        Field(Path path) {
            this.path = path;
        }

        Path path() {
            return path;
        }

        @Override
        boolean isWorthKeeping() {
            return false;
        }

        @Override
        int evaluate(Frame frame) {
            Slots slots = frame.slots;
            return switch (slots.type(path)) {
                case Slots.STRING -> frame.text(slots.document(), slots.start(path) + 1, slots.end(path) - 1);
                case Slots.READ_INTEGER -> frame.integer(slots.number(path));
                case Slots.READ_REAL -> frame.real(Double.longBitsToDouble(slots.number(path)));
                case Slots.INTEGER, Slots.REAL -> number(frame, slots);
                case Slots.TRUE -> Kind.TRUE;
                case Slots.FALSE -> Kind.FALSE;
                case Slots.NULL -> Kind.NULL;
                case Slots.ABSENT -> frame.fail(absence(slots, path));
                default -> rare(frame, slots);
            };
        }

        private int number(Frame frame, Slots slots) {
            int kind = slots.type(path) == Slots.INTEGER
                    ? Numbers.integer(frame, slots.document(), slots.start(path), slots.end(path))
                    : Numbers.real(frame, slots.document(), slots.start(path), slots.end(path));
            if (kind == Kind.INT) {
                slots.remember(path, Slots.READ_INTEGER, frame.number);
            } else if (kind == Kind.DOUBLE) {
                slots.remember(path, Slots.READ_REAL, Double.doubleToRawLongBits(frame.real));
            }
            return kind;
        }

        private int rare(Frame frame, Slots slots) {
            try {
                return frame.unboxed(slots.value(path));
            } catch (Failure e) {
                return frame.fail(e.reason());
            }
        }

        @Override
        int write(Frame frame, JsonBytes out) {
            Slots slots = frame.slots;
            byte type = slots.type(path);
            if (type == Slots.ABSENT) {
                return frame.fail(absence(slots, path));
            }
            out.raw(slots.document(), slots.start(path), slots.end(path));
            return Kind.NULL;
        }
    }

    /** Why a place is not there: the first step from the top that leads nowhere. */
    static String absence(Slots slots, Path path) {
        Path first = path;
        for (Path above = path.parent(); above != null && slots.type(above) == Slots.ABSENT; above = above.parent()) {
            first = above;
        }
        Path container = first.parent();
        if (container != null && container.parent() != null && !canHold(slots.type(container), first)) {
            return "'" + container + "' has no fields";
        }
        return first.isElement() ? "no such element '" + first + "'" : "no such field '" + first + "'";
    }

    private static boolean canHold(byte containerType, Path member) {
        return containerType == Slots.OBJECT || containerType == Slots.ARRAY && member.isElement();
    }

    /** {@code has(event.some.field)}. */
    static final class HasField extends Node {
        private final Path path;
        private final Path container;

        HasField(Path path, Path container) {
            this.path = path;
            this.container = container;
        }

        @Override
        boolean isWorthKeeping() {
            return false;
        }

        @Override
        int evaluate(Frame frame) {
            Slots slots = frame.slots;
            if (slots.type(path) != Slots.ABSENT) {
                return Kind.TRUE;
            }
            return switch (slots.type(container)) {
                case Slots.OBJECT -> Kind.FALSE;
                case Slots.ABSENT -> frame.fail(absence(slots, container));
                default -> frame.fail("'" + container + "' has no fields");
            };
        }
    }

    /** {@code "field" in event.some}, where the place is an object; otherwise the general form decides. */
    static final class NamesField extends Node {
        private final Path container;
        private final Path path;
        private final Node general;

        NamesField(Path container, Path path, Node general) {
            this.container = container;
            this.path = path;
            this.general = general;
        }

        @Override
        boolean isWorthKeeping() {
            return false;
        }

        @Override
        int evaluate(Frame frame) {
            return frame.slots.type(container) == Slots.OBJECT
                    ? Kind.of(frame.slots.type(path) != Slots.ABSENT)
                    : general.evaluate(frame);
        }
    }

    /** The variable {@code key}. */
    static final class Key extends Node {
        @Override
        int evaluate(Frame frame) {
            byte[] key = frame.key;
            return key == null ? Kind.NULL : frame.foreignText(key, "the key");
        }
    }

    /** The variable {@code timestamp}. */
    static final class Timestamp extends Node {
        @Override
        int evaluate(Frame frame) {
            return frame.timestampMillis == Evaluator.NO_TIMESTAMP
                    ? frame.fail("the event has no timestamp")
                    : frame.timestamp(Instant.ofEpochMilli(frame.timestampMillis));
        }
    }

    /** The variable {@code headers} as a whole. */
    static final class AllHeaders extends Node {
        @Override
        int evaluate(Frame frame) {
            try {
                frame.object = frame.headerMap();
                return Kind.MAP;
            } catch (Failure e) {
                return frame.fail(e.reason());
            }
        }
    }

    /** One header, or whether there is one. */
    static final class Header extends Node {
        private final String name;
        private final boolean presence;

        Header(String name, boolean presence) {
            this.name = name;
            this.presence = presence;
        }

        @Override
        boolean isWorthKeeping() {
            return false;
        }

        @Override
        int evaluate(Frame frame) {
            int position = frame.headers.size() - 1;
            while (position >= 0 && !frame.headers.name(position).equals(name)) {
                position--;
            }
            if (presence) {
                return Kind.of(position >= 0);
            }
            if (position < 0) {
                return frame.fail("no such header '" + name + "'");
            }
            byte[] value = frame.headers.value(position);
            return value == null ? Kind.NULL : frame.foreignText(value, "header '" + name + "'");
        }
    }

    /** A variable of a macro such as {@code all}. */
    static final class Local extends Node {
        private final int position;

        Local(int position) {
            this.position = position;
        }

        int position() {
            return position;
        }

        @Override
        int evaluate(Frame frame) {
            Object value = frame.locals[position];
            return value == null ? frame.fail("no such variable") : frame.unboxed(value);
        }
    }

    /** {@code value.field} and {@code has(value.field)} of a computed value. */
    static final class Member extends Node {
        private final Node value;
        private final String name;
        private final boolean presence;

        Member(Node value, String name, boolean presence) {
            this.value = value;
            this.name = name;
            this.presence = presence;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = value.evaluate(frame);
            if (kind == Kind.ERROR) {
                return kind;
            }
            if (kind != Kind.MAP) {
                return frame.fail("no field '" + name + "' in a " + Kind.typeName(kind));
            }
            Object member = ((Map<?, ?>) frame.object).get(name);
            if (presence) {
                return Kind.of(member != null);
            }
            return member == null ? frame.fail("no such field '" + name + "'") : frame.unboxed(member);
        }
    }

    /** {@code value[index]} where either is computed. */
    static final class Index extends Node {
        private final Node value;
        private final Node index;

        Index(Node value, Node index) {
            this.value = value;
            this.index = index;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = value.evaluate(frame);
            if (kind == Kind.ERROR) {
                return kind;
            }
            Object container = frame.boxed(kind);
            int indexKind = index.evaluate(frame);
            if (indexKind == Kind.ERROR) {
                return indexKind;
            }
            try {
                return frame.unboxed(member(container, frame.boxed(indexKind)));
            } catch (Failure e) {
                return frame.fail(e.reason());
            }
        }

        private static Object member(Object container, Object index) throws Failure {
            if (container instanceof Map<?, ?> map) {
                if (!Collections.isKey(index) && !(index instanceof Double)) {
                    throw Failure.noOverload("_[_]", container, index);
                }
                return present(Values.find(map, index), index);
            }
            if (container instanceof List<?> list && Values.isNumber(index)) {
                return present(element(list, Values.wholeNumber(index)), index);
            }
            throw Failure.noOverload("_[_]", container, index);
        }

        private static @Nullable Object element(List<?> list, @Nullable Object index) {
            return index instanceof Long at && at >= 0 && at < list.size() ? list.get(at.intValue()) : null;
        }

        private static Object present(@Nullable Object member, Object index) throws Failure {
            if (member == null) {
                throw new Failure("no such element '"
                        + Times.shortened(index instanceof String text ? text : String.valueOf(index)) + "'");
            }
            return member;
        }
    }
}
