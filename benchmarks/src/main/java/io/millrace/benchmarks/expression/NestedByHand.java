package io.millrace.benchmarks.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The hand-written jobs over nested events: what they keep, and for each number of predicates a class that reads their fields. */
abstract class NestedByHand extends HandWritten {
    private static final int IN_USER = 1;
    private static final int IN_TITLE = 2;
    private static final int IN_GEO = 3;
    private static final int IN_CLIENT = 4;
    private static final int IN_PLAY = 5;
    private static final int IN_VIDEO = 6;
    private static final long ID = packed("id");
    private static final long USER = packed("user");
    private static final long TITLE = packed("title");
    private static final long GEO = packed("geo");
    private static final long CLIENT = packed("client");
    private static final long PLAY = packed("play");
    private static final long VIDEO = packed("video");
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
    private static final byte[] OPENS_USER = ",\"user\":{\"id\":".getBytes(UTF_8);
    private static final byte[] OPENS_TITLE = ",\"title\":{\"id\":".getBytes(UTF_8);
    private static final byte[] OPENS_DURATION = ",\"play\":{\"duration\":".getBytes(UTF_8);

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

    @Override
    int member(int object, long name, int at, int depth) throws Refusal {
        return switch (object) {
            case IN_USER -> ofUser(name, at, depth);
            case IN_TITLE -> ofTitle(name, at, depth);
            case IN_GEO -> ofGeo(name, at, depth);
            case IN_CLIENT -> ofClient(name, at, depth);
            case IN_PLAY -> ofPlay(name, at, depth);
            case IN_VIDEO -> ofVideo(name, at, depth);
            default -> ofEvent(name, at, depth);
        };
    }

    private int ofEvent(long name, int at, int depth) throws Refusal {
        if (name == PLAY) {
            durationTo = 0;
            forgetPlay();
            return descend(at, IN_PLAY, depth);
        } else if (name == USER) {
            userTo = 0;
            forgetUser();
            return descend(at, IN_USER, depth);
        } else if (name == TITLE) {
            titleTo = 0;
            forgetTitle();
            return descend(at, IN_TITLE, depth);
        } else if (name == ID) {
            idFrom = at;
            idTo = skip(at, depth);
            id(at, idTo);
            return idTo;
        }
        return ofEventBesides(name, at, depth);
    }

    /** The members that only some jobs look into. */
    int ofEventBesides(long name, int at, int depth) throws Refusal {
        return skip(at, depth);
    }

    private int ofUser(long name, int at, int depth) throws Refusal {
        int end = skip(at, depth);
        if (name == ID) {
            userFrom = at;
            userTo = end;
            user(at, end);
        }
        return end;
    }

    private int ofTitle(long name, int at, int depth) throws Refusal {
        int end = skip(at, depth);
        if (name == ID) {
            titleFrom = at;
            titleTo = end;
            title(at, end);
        }
        return end;
    }

    int ofGeo(long name, int at, int depth) throws Refusal {
        return skip(at, depth);
    }

    int ofClient(long name, int at, int depth) throws Refusal {
        return skip(at, depth);
    }

    int ofPlay(long name, int at, int depth) throws Refusal {
        int end = skip(at, depth);
        if (name == DURATION) {
            duration(at, end);
        }
        return end;
    }

    int ofVideo(long name, int at, int depth) throws Refusal {
        return skip(at, depth);
    }

    void duration(int from, int to) {
        durationFrom = from;
        durationTo = to;
    }

    void id(int from, int to) {}

    void user(int from, int to) {}

    void title(int from, int to) {}

    void forgetUser() {}

    void forgetTitle() {}

    abstract void forgetPlay();

    @Override
    byte[] projection() {
        int size = (idTo == 0 ? 0 : OPENS_ID.length + idTo - idFrom)
                + (userTo == 0 ? 0 : OPENS_USER.length + userTo - userFrom + 1)
                + (titleTo == 0 ? 0 : OPENS_TITLE.length + titleTo - titleFrom + 1)
                + (durationTo == 0 ? 0 : OPENS_DURATION.length + durationTo - durationFrom + 1);
        byte[] json = new byte[Math.max(1, size) + 1];
        int at = 0;
        if (idTo != 0) {
            at = copy(idFrom, idTo, json, copy(OPENS_ID, json, at));
        }
        if (userTo != 0) {
            at = copy(userFrom, userTo, json, copy(OPENS_USER, json, at));
            json[at++] = '}';
        }
        if (titleTo != 0) {
            at = copy(titleFrom, titleTo, json, copy(OPENS_TITLE, json, at));
            json[at++] = '}';
        }
        if (durationTo != 0) {
            at = copy(durationFrom, durationTo, json, copy(OPENS_DURATION, json, at));
            json[at] = '}';
        }
        json[0] = '{';
        json[json.length - 1] = '}';
        return json;
    }

    /** Longer than a minute. */
    static final class One extends NestedByHand {
        private int duration;

        @Override
        void reset() {
            super.reset();
            forgetPlay();
        }

        @Override
        void forgetPlay() {
            duration = ERROR;
        }

        @Override
        void duration(int from, int to) {
            super.duration(from, to);
            double seconds = number(from, to);
            duration = verdict(seconds, seconds > 60);
        }

        @Override
        int verdict() {
            return duration;
        }
    }

    /** Longer than a minute, in North America, on a TV, in high definition of some quality. */
    static final class Five extends NestedByHand {
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
            country = ERROR;
            device = ERROR;
            forgetPlay();
        }

        @Override
        void forgetPlay() {
            duration = ERROR;
            forgetVideo();
        }

        private void forgetVideo() {
            hd = ERROR;
            bitrate = ERROR;
        }

        @Override
        int ofEventBesides(long name, int at, int depth) throws Refusal {
            if (name == GEO) {
                country = ERROR;
                return descend(at, IN_GEO, depth);
            } else if (name == CLIENT) {
                device = ERROR;
                return descend(at, IN_CLIENT, depth);
            }
            return skip(at, depth);
        }

        @Override
        int ofGeo(long name, int at, int depth) throws Refusal {
            int end = skip(at, depth);
            if (name == COUNTRY) {
                long text = text(at, end);
                country = verdict(text, text == US || text == CA);
            }
            return end;
        }

        @Override
        int ofClient(long name, int at, int depth) throws Refusal {
            int end = skip(at, depth);
            if (name == DEVICE) {
                long text = text(at, end);
                device = verdict(text, text == TV);
            }
            return end;
        }

        @Override
        int ofPlay(long name, int at, int depth) throws Refusal {
            if (name == VIDEO) {
                forgetVideo();
                return descend(at, IN_VIDEO, depth);
            }
            return super.ofPlay(name, at, depth);
        }

        @Override
        int ofVideo(long name, int at, int depth) throws Refusal {
            int end = skip(at, depth);
            if (name == HD) {
                hd = bool(at);
            } else if (name == BITRATE) {
                double megabits = number(at, end);
                bitrate = verdict(megabits, megabits >= 2.5);
            }
            return end;
        }

        @Override
        void duration(int from, int to) {
            super.duration(from, to);
            double seconds = number(from, to);
            duration = verdict(seconds, seconds > 60);
        }

        @Override
        int verdict() {
            return Math.max(Math.max(Math.max(duration, country), Math.max(device, hd)), bitrate);
        }
    }

    /** Something about each field. */
    static final class Twenty extends NestedByHand {
        private final AllFields fields = new AllFields(this);

        @Override
        void reset() {
            super.reset();
            fields.reset();
        }

        @Override
        void forgetUser() {
            fields.forgetUser();
        }

        @Override
        void forgetTitle() {
            fields.forgetTitle();
        }

        @Override
        void forgetPlay() {
            fields.forgetPlay();
        }

        @Override
        int ofEventBesides(long name, int at, int depth) throws Refusal {
            if (name == GEO) {
                fields.forgetGeo();
                return descend(at, IN_GEO, depth);
            } else if (name == CLIENT) {
                fields.forgetClient();
                return descend(at, IN_CLIENT, depth);
            }
            return skip(at, depth);
        }

        @Override
        int ofGeo(long name, int at, int depth) throws Refusal {
            int end = skip(at, depth);
            if (name == COUNTRY) {
                fields.country(at, end);
            }
            return end;
        }

        @Override
        int ofClient(long name, int at, int depth) throws Refusal {
            int end = skip(at, depth);
            if (name == DEVICE) {
                fields.device(at, end);
            } else if (name == OS) {
                fields.os(at, end);
            } else if (name == APP) {
                fields.app(at, end);
            }
            return end;
        }

        @Override
        int ofPlay(long name, int at, int depth) throws Refusal {
            if (name == VIDEO) {
                fields.forgetVideo();
                return descend(at, IN_VIDEO, depth);
            }
            int end = skip(at, depth);
            if (name == DURATION) {
                duration(at, end);
            } else if (name == POSITION) {
                fields.position(at, end);
            } else if (name == TS) {
                fields.ts(at, end);
            }
            return end;
        }

        @Override
        int ofVideo(long name, int at, int depth) throws Refusal {
            int end = skip(at, depth);
            if (name == HD) {
                fields.hd(at);
            } else if (name == BITRATE) {
                fields.bitrate(at, end);
            }
            return end;
        }

        @Override
        void id(int from, int to) {
            fields.id(from, to);
        }

        @Override
        void user(int from, int to) {
            fields.user(from, to);
        }

        @Override
        void title(int from, int to) {
            fields.title(from, to);
        }

        @Override
        void duration(int from, int to) {
            super.duration(from, to);
            fields.duration(from, to);
        }

        @Override
        int verdict() {
            return fields.verdict();
        }
    }
}
