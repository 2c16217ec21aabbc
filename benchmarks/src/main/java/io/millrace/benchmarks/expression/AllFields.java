package io.millrace.benchmarks.expression;

/** By hand: what twenty predicates over the twelve fields of an event come to. */
final class AllFields {
    private static final long US = HandWritten.packed("US");
    private static final long CA = HandWritten.packed("CA");
    private static final long XX = HandWritten.packed("XX");
    private static final long TV = HandWritten.packed("tv");
    private static final long PHONE = HandWritten.packed("phone");
    private static final long TABLET = HandWritten.packed("tablet");
    private static final long CONSOLE = HandWritten.packed("console");
    private static final long ANDROID = HandWritten.packed("android");
    private static final long IOS = HandWritten.packed("ios");
    private static final long TVOS = HandWritten.packed("tvos");
    private static final long WINDOWS = HandWritten.packed("windows");
    private static final long EIGHT = HandWritten.packed("8.");
    private static final long EIGHT_ZERO = HandWritten.packed("8.0.0");
    private static final long OF_USER = HandWritten.packed("u-");
    private static final long OF_TITLE = HandWritten.packed("t-");
    private static final long OF_PLAY = HandWritten.packed("p-");
    private static final long TWO_BYTES = 0xffff;

    private final HandWritten bytes;
    private int id;
    private int user;
    private int title;
    private int country;
    private int device;
    private int os;
    private int app;
    private int duration;
    private int position;
    private int ts;
    private int bitrate;
    private int hd;

    AllFields(HandWritten bytes) {
        this.bytes = bytes;
    }

    void reset() {
        id = HandWritten.ERROR;
        forgetUser();
        forgetTitle();
        forgetGeo();
        forgetClient();
        forgetPlay();
    }

    void forgetUser() {
        user = HandWritten.ERROR;
    }

    void forgetTitle() {
        title = HandWritten.ERROR;
    }

    void forgetGeo() {
        country = HandWritten.ERROR;
    }

    void forgetClient() {
        device = HandWritten.ERROR;
        os = HandWritten.ERROR;
        app = HandWritten.ERROR;
    }

    void forgetPlay() {
        duration = HandWritten.ERROR;
        position = HandWritten.ERROR;
        ts = HandWritten.ERROR;
        forgetVideo();
    }

    void forgetVideo() {
        bitrate = HandWritten.ERROR;
        hd = HandWritten.ERROR;
    }

    void id(int from, int to) {
        long text = bytes.beginning(from, to);
        id = HandWritten.verdict(text, (text & TWO_BYTES) == OF_PLAY);
    }

    void user(int from, int to) {
        long text = bytes.beginning(from, to);
        user = HandWritten.verdict(text, (text & TWO_BYTES) == OF_USER);
    }

    void title(int from, int to) {
        long text = bytes.beginning(from, to);
        title = HandWritten.verdict(text, (text & TWO_BYTES) == OF_TITLE);
    }

    void country(int from, int to) {
        long text = bytes.text(from, to);
        country = HandWritten.verdict(text, (text == US || text == CA) && text != XX);
    }

    void device(int from, int to) {
        long text = bytes.text(from, to);
        device = HandWritten.verdict(text, (text == TV || text == PHONE || text == TABLET) && text != CONSOLE);
    }

    void os(int from, int to) {
        long text = bytes.text(from, to);
        os = HandWritten.verdict(text, text != WINDOWS && (text == ANDROID || text == IOS || text == TVOS));
    }

    void app(int from, int to) {
        long text = bytes.beginning(from, to);
        app = HandWritten.verdict(text, (text & TWO_BYTES) == EIGHT && bytes.text(from, to) != EIGHT_ZERO);
    }

    void duration(int from, int to) {
        double seconds = bytes.number(from, to);
        duration = HandWritten.verdict(seconds, seconds > 60 && seconds < 14_400);
    }

    void position(int from, int to) {
        double seconds = bytes.number(from, to);
        position = HandWritten.verdict(seconds, seconds >= 0 && seconds < 14_400);
    }

    void ts(int from, int to) {
        double millis = bytes.number(from, to);
        ts = HandWritten.verdict(millis, millis >= 1_767_225_600_000L && millis < 1_798_761_600_000L);
    }

    void bitrate(int from, int to) {
        double megabits = bytes.number(from, to);
        bitrate = HandWritten.verdict(megabits, megabits >= 2.5 && megabits <= 25);
    }

    void hd(int at) {
        hd = bytes.bool(at);
    }

    int verdict() {
        int whose = Math.max(Math.max(id, user), title);
        int where = Math.max(Math.max(country, device), Math.max(os, app));
        int what = Math.max(Math.max(duration, position), ts);
        int how = Math.max(bitrate, hd);
        return Math.max(Math.max(whose, where), Math.max(what, how));
    }
}
