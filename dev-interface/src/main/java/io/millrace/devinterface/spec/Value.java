package io.millrace.devinterface.spec;

import java.util.List;

/** A piece of a spec as it was written: a scalar, a list or a mapping, and where it begins. */
sealed interface Value {

    /** Where it begins in the text. */
    Mark at();

    /** How many values it is made of, itself included, with repeated ones counted each time. */
    int size();

    /** What it is, to end the sentence "but was …". */
    String described();

    /** A place in the text; line and column both count from 1. */
    record Mark(int line, int column) {
        static final Mark START = new Mark(1, 1);

        @Override
        public String toString() {
            return "line " + line + ", column " + column;
        }
    }

    /** What a scalar is by the way it is written. */
    enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN,
        EMPTY
    }

    /** Text, a number, true or false, or nothing; the text is what was written, without quotes. */
    record Scalar(Kind kind, String text, Mark at) implements Value {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public String described() {
            return switch (kind) {
                case TEXT -> Words.quoted(text);
                case NUMBER -> "the number " + Words.shortened(text);
                case BOOLEAN -> text;
                case EMPTY -> "empty";
            };
        }
    }

    /** A list. */
    record Items(List<Value> values, int size, Mark at) implements Value {
        static Items of(List<Value> values, Mark at) {
            return new Items(List.copyOf(values), 1 + sum(values), at);
        }

        @Override
        public String described() {
            return "a list";
        }
    }

    /** A mapping, its entries in their order, repeated keys included. */
    record Fields(List<Entry> entries, int size, Mark at) implements Value {
        static Fields of(List<Entry> entries, Mark at) {
            return new Fields(
                    List.copyOf(entries),
                    1 + sum(entries.stream().map(Entry::value).toList()),
                    at);
        }

        @Override
        public String described() {
            return "a mapping";
        }
    }

    /** One key of a mapping and its value. */
    record Entry(String key, Mark at, Value value) {}

    private static int sum(List<Value> values) {
        return (int) Math.min(values.stream().mapToLong(Value::size).sum(), Integer.MAX_VALUE - 1);
    }
}
