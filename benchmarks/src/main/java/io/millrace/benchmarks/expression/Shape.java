package io.millrace.benchmarks.expression;

import java.util.List;

/** Where the fields of an event are. */
public enum Shape {
    /** All at the top. */
    FLAT("id", "user", "title", "country", "device", "os", "app", "duration", "position", "ts", "bitrate", "hd"),
    /** In objects, up to two levels down. */
    NESTED(
            "id",
            "user.id",
            "title.id",
            "geo.country",
            "client.device",
            "client.os",
            "client.app",
            "play.duration",
            "play.position",
            "play.ts",
            "play.video.bitrate",
            "play.video.hd");

    private final List<String> paths;

    Shape(String... paths) {
        this.paths = List.of(paths);
    }

    /** The place of a field that has this name in a flat event. */
    public String path(String field) {
        return paths.get(FLAT.paths.indexOf(field));
    }
}
