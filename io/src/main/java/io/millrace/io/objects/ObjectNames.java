package io.millrace.io.objects;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.Run;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The names of a route's objects and of their manifests, made from what identifies an object and from nothing else.
 *
 * <p>An object: {@code <route>-<window>-<shard>-of-<shards>-<lineage>-e<epoch>.jsonl}, without windows
 * {@code <route>-<shard>-of-<shards>-<lineage>-e<epoch>-<number>.jsonl}. Its manifest:
 * {@code _manifest/<pipeline>/<route>/<window>/<shard>-of-<shards>-<lineage>-e<epoch>.json}, with {@code all} for the window where
 * there are none. Of each object of an archive there is {@code _progress/<object>.json}. A window is the time it begins at, as in {@code 2026-03-01T12-00Z}. Bytes outside {@code A-Z a-z 0-9 . _ -} are
 * percent-encoded.
 */
final class ObjectNames implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String MANIFESTS = "_manifest/";
    private static final String PROGRESS = "_progress/";

    /** The pattern of the manifests of every pipeline and route. */
    static final String EVERY_MANIFEST = MANIFESTS + "**.json";

    private static final Pattern SHARD = Pattern.compile("(?<=/)\\d+-of-\\d+(?=-[^/]*$)");

    private final Run run;
    private final String routeName;
    private final String route;
    private final String manifests;
    private final String runSuffix;
    private final int shards;
    private final Compression compression;

    ObjectNames(Run run, String route, int shards, Compression compression) {
        this.run = run;
        this.routeName = route;
        this.route = plain(route);
        this.manifests = MANIFESTS + plain(run.pipeline()) + "/" + this.route + "/";
        this.runSuffix = "-" + plain(run.lineage()) + "-e" + run.epoch();
        this.shards = shards;
        this.compression = compression;
    }

    /** The names that another lineage gives. */
    ObjectNames ofLineage(String lineage) {
        return new ObjectNames(run.withLineage(lineage), routeName, shards, compression);
    }

    /** The object of a window and shard. */
    String object(Slot slot) {
        return route + "-" + text(slot.windowStart()) + "-" + shardAndRun(slot.shard()) + compression.suffix();
    }

    /** One of the numbered objects of a shard without windows. */
    String numbered(int shard, long number) {
        return withNumber(allNumbered(shard), number);
    }

    /** The pattern of all numbered objects of a shard. */
    String allNumbered(int shard) {
        return route + "-" + shardAndRun(shard) + "-*" + compression.suffix();
    }

    /** The number in the name of an object, by the pattern of its shard's. */
    static long number(String pattern, String name) {
        int start = pattern.indexOf('*');
        return Long.parseLong(name.substring(start, name.length() - (pattern.length() - start - 1)));
    }

    /** The manifest of a shard's objects in a window, or without windows. */
    String manifest(@Nullable Instant windowStart, int shard) {
        return manifestFolder(windowStart) + shardAndRun(shard) + ".json";
    }

    /** The pattern of the manifests of all shards and runs in a window, or without windows. */
    String allManifests(@Nullable Instant windowStart) {
        return manifestFolder(windowStart) + "*.json";
    }

    /** Whether a manifest is of this run with so many shards, of whichever shard. */
    boolean isOfThisRun(String manifest) {
        String name = manifest.substring(manifest.lastIndexOf('/') + 1);
        int shardEnd = name.indexOf('-');
        return shardEnd > 0 && name.substring(shardEnd).equals(ofShardsAndRun() + ".json");
    }

    /** Whether the objects of two manifests may have lines of the same partitions: not those of two shards of as many. */
    static boolean mayShareLines(String manifest, String other) {
        String shard = shard(manifest);
        String otherShard = shard(other);
        return shard.equals(otherShard) || !shards(shard).equals(shards(otherShard));
    }

    /** The part {@code <shard>-of-<shards>} of a manifest's name. */
    private static String shard(String manifest) {
        Matcher shard = SHARD.matcher(manifest);
        checkArgument(shard.find(), "manifest must have the name of one, but was %s", manifest);
        return shard.group();
    }

    private static String shards(String shard) {
        return shard.substring(shard.indexOf("-of-"));
    }

    /** What is said in an archive of all objects of a shard up to and with one. */
    static String progress(String object) {
        return PROGRESS + object + ".json";
    }

    /** The pattern of the manifests of this route. */
    String everyManifestOfThisRoute() {
        return manifests + "**.json";
    }

    /** Whether a manifest is of this route, of whichever run. */
    boolean isManifestOfThisRoute(String manifest) {
        return manifest.startsWith(manifests);
    }

    /** The object of a number, by the pattern that a manifest gives of its objects; of a window's object the name is the pattern. */
    static String withNumber(String pattern, long number) {
        return pattern.replace("*", String.format(Locale.ROOT, "%06d", number));
    }

    private String manifestFolder(@Nullable Instant windowStart) {
        return manifests + (windowStart == null ? "all" : text(windowStart)) + "/";
    }

    private String shardAndRun(int shard) {
        return String.format(Locale.ROOT, "%02d", shard) + ofShardsAndRun();
    }

    private String ofShardsAndRun() {
        return String.format(Locale.ROOT, "-of-%02d", shards) + runSuffix;
    }

    private static String text(Instant time) {
        String text = java.time.Instant.ofEpochMilli(time.getMillis()).toString();
        String minutes = text.endsWith(":00Z") ? text.substring(0, text.length() - ":00Z".length()) + "Z" : text;
        return minutes.replace(':', '-');
    }

    private static String plain(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (byte unit : name.getBytes(StandardCharsets.UTF_8)) {
            if ((unit >= 'a' && unit <= 'z')
                    || (unit >= 'A' && unit <= 'Z')
                    || (unit >= '0' && unit <= '9')
                    || "._-".indexOf(unit) >= 0) {
                plain.append((char) unit);
            } else {
                plain.append(String.format(Locale.ROOT, "%%%02X", unit));
            }
        }
        return plain.toString();
    }
}
