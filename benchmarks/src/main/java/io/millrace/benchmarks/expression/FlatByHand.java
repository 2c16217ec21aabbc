package io.millrace.benchmarks.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The hand-written jobs over flat events: what they keep, and for each number of predicates a class that reads their fields. */
abstract class FlatByHand extends HandWritten {
    private static final long ID = packed("id");
    private static final long USER = packed("user");
    private static final long TITLE = packed("title");
    private static final long COUNTRY = packed("country");
    private static final long DEVICE = packed("device");
    private static final long OS = packed("os");
    private static final long APP = packed("app");
    private static final long DURATION = packed("duration");
    private static final long POSITION = packed("position");
    private static final long TS = packed("ts");
    private static final long BITRATE = packed("bitrate");
    private static final long HD = packed("hd");
    private static final byte[] OPENS_ID = ",\"id\":".getBytes(UTF_8);
    private static final byte[] OPENS_USER = ",\"user\":".getBytes(UTF_8);
    private static final byte[] OPENS_TITLE = ",\"title\":".getBytes(UTF_8);
    private static final byte[] OPENS_DURATION = ",\"duration\":".getBytes(UTF_8);

    private int idFrom;
    private int idTo;
    private int userFrom;
    private int userTo;
    private int titleFrom;
    private int titleTo;
    private int durationFrom;
    private int durationTo;

    @Override
    void reset() {
        idTo = 0;
        userTo = 0;
        titleTo = 0;
        durationTo = 0;
    }

    final void keepId(int from, int to) {
        idFrom = from;
        idTo = to;
    }

    final void keepUser(int from, int to) {
        userFrom = from;
        userTo = to;
    }

    final void keepTitle(int from, int to) {
        titleFrom = from;
        titleTo = to;
    }

    final void keepDuration(int from, int to) {
        durationFrom = from;
        durationTo = to;
    }

    @Override
    byte[] projection() {
        int size = (idTo == 0 ? 0 : OPENS_ID.length + idTo - idFrom)
                + (userTo == 0 ? 0 : OPENS_USER.length + userTo - userFrom)
                + (titleTo == 0 ? 0 : OPENS_TITLE.length + titleTo - titleFrom)
                + (durationTo == 0 ? 0 : OPENS_DURATION.length + durationTo - durationFrom);
        byte[] json = new byte[Math.max(1, size) + 1];
        int at = 0;
        if (idTo != 0) {
            at = copy(idFrom, idTo, json, copy(OPENS_ID, json, at));
        }
        if (userTo != 0) {
            at = copy(userFrom, userTo, json, copy(OPENS_USER, json, at));
        }
        if (titleTo != 0) {
            at = copy(titleFrom, titleTo, json, copy(OPENS_TITLE, json, at));
        }
        if (durationTo != 0) {
            copy(durationFrom, durationTo, json, copy(OPENS_DURATION, json, at));
        }
        json[0] = '{';
        json[json.length - 1] = '}';
        return json;
    }

    /** Longer than a minute. */
    static final class One extends FlatByHand {
        private int duration;

        @Override
        void reset() {
            super.reset();
            duration = ERROR;
        }

        @Override
        int member(int object, long name, int at, int depth) throws Refusal {
            int end = skip(at, depth);
            if (name == DURATION) {
                keepDuration(at, end);
                double seconds = number(at, end);
                duration = verdict(seconds, seconds > 60);
            } else if (name == ID) {
                keepId(at, end);
            } else if (name == USER) {
                keepUser(at, end);
            } else if (name == TITLE) {
                keepTitle(at, end);
            }
            return end;
        }

        @Override
        int verdict() {
            return duration;
        }
    }

    /** Longer than a minute, in North America, on a TV, in high definition of some quality. */
    static final class Five extends FlatByHand {
        private static final long US = packed("US");
        private static final long CA = packed("CA");
        private static final long TV = packed("tv");

        private int duration;
        private int country;
        private int device;
        private int hd;
        private int bitrate;

        @Override
        void reset() {
            super.reset();
            duration = ERROR;
            country = ERROR;
            device = ERROR;
            hd = ERROR;
            bitrate = ERROR;
        }

        @Override
        int member(int object, long name, int at, int depth) throws Refusal {
            int end = skip(at, depth);
            if (name == DURATION) {
                keepDuration(at, end);
                double seconds = number(at, end);
                duration = verdict(seconds, seconds > 60);
            } else if (name == ID) {
                keepId(at, end);
            } else if (name == USER) {
                keepUser(at, end);
            } else if (name == TITLE) {
                keepTitle(at, end);
            } else if (name == COUNTRY) {
                long text = text(at, end);
                country = verdict(text, text == US || text == CA);
            } else if (name == DEVICE) {
                long text = text(at, end);
                device = verdict(text, text == TV);
            } else if (name == HD) {
                hd = bool(at);
            } else if (name == BITRATE) {
                double megabits = number(at, end);
                bitrate = verdict(megabits, megabits >= 2.5);
            }
            return end;
        }

        @Override
        int verdict() {
            return Math.max(Math.max(Math.max(duration, country), Math.max(device, hd)), bitrate);
        }
    }

    /** Something about each field. */
    static final class Twenty extends FlatByHand {
        private final AllFields fields = new AllFields(this);

        @Override
        void reset() {
            super.reset();
            fields.reset();
        }

        @Override
        int member(int object, long name, int at, int depth) throws Refusal {
            int end = skip(at, depth);
            switch ((int) name & 0xff) {
                case 'a' -> {
                    if (name == APP) {
                        fields.app(at, end);
                    }
                }
                case 'b' -> {
                    if (name == BITRATE) {
                        fields.bitrate(at, end);
                    }
                }
                case 'c' -> {
                    if (name == COUNTRY) {
                        fields.country(at, end);
                    }
                }
                case 'd' -> {
                    if (name == DURATION) {
                        keepDuration(at, end);
                        fields.duration(at, end);
                    } else if (name == DEVICE) {
                        fields.device(at, end);
                    }
                }
                case 'h' -> {
                    if (name == HD) {
                        fields.hd(at);
                    }
                }
                case 'i' -> {
                    if (name == ID) {
                        keepId(at, end);
                        fields.id(at, end);
                    }
                }
                case 'o' -> {
                    if (name == OS) {
                        fields.os(at, end);
                    }
                }
                case 'p' -> {
                    if (name == POSITION) {
                        fields.position(at, end);
                    }
                }
                case 't' -> {
                    if (name == TITLE) {
                        keepTitle(at, end);
                        fields.title(at, end);
                    } else if (name == TS) {
                        fields.ts(at, end);
                    }
                }
                case 'u' -> {
                    if (name == USER) {
                        keepUser(at, end);
                        fields.user(at, end);
                    }
                }
                default -> {}
            }
            return end;
        }

        @Override
        int verdict() {
            return fields.verdict();
        }
    }
}
