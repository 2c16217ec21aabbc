package io.millrace.devinterface.spec;

import com.google.common.collect.Streams;
import io.millrace.devinterface.spec.Reading.Part;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.devinterface.spec.Value.Entry;
import io.millrace.devinterface.spec.Value.Fields;
import io.millrace.io.files.FilePublish;
import io.millrace.io.files.FileTable;
import io.millrace.io.kafka.KafkaSource;
import java.io.File;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** What must hold between the parts of a spec, and on the machine that it is for; checked on those parts that could be made. */
final class Rules {
    private static final String NOT_SHARED =
            "must not be a path of this machine, which a cluster's workers do not share, but was ";

    private static final String RELATIVE =
            "must be absolute, since a cluster's processes have working folders of their own, but was ";

    private final Reading reading;

    private Rules(Reading reading) {
        this.reading = reading;
    }

    /** Notes what does not hold. */
    static void check(Value spec, Target target, Reading reading) {
        Rules rules = new Rules(reading);
        RouteRules.check(spec, reading);
        ScriptRules.check(reading);
        rules.checkEventTimes();
        rules.checkStartOffsets();
        rules.checkFoldersRead();
        if (target != Target.LOCAL) {
            rules.checkDeadLetters(spec);
            rules.localPaths(hasDeadLetters(spec)).forEach(path -> rules.checkPath(path, target));
        }
    }

    private void checkEventTimes() {
        for (Part part : reading.parts(SinkSpec.class)) {
            SinkSpec<?> sink = (SinkSpec<?>) part.made();
            if (sink.needsEventTimes()) {
                checkEventTimes(part, Words.key(part.path(), sink.name()));
            }
        }
        reading.parts(DynamicSpec.class).forEach(part -> checkEventTimes(part, part.path()));
        reading.parts(ChangelogSpec.class).forEach(part -> checkEventTimes(part, part.path()));
    }

    private void checkEventTimes(Part part, String path) {
        sourcesOf(part).filter(source -> !source.spec().hasEventTimes()).forEach(untimed -> {
            String eventTime = Words.key(untimed.path(), "eventTime");
            problem(part, path, "needs event times, and files have none: " + eventTime + " must be given");
        });
    }

    /** What a part of a route gets events of: what its route reads, as far as that could be made; else everything. */
    private Stream<NamedSource> sourcesOf(Part ofRoute) {
        Optional<RouteSpec> route = reading.parts(RouteSpec.class).stream()
                .filter(part -> ofRoute.path().startsWith(part.path() + "."))
                .map(part -> (RouteSpec) part.made())
                .findFirst();
        return NamedSource.in(reading)
                .filter(source -> route.map(one -> NamedDerived.isRead(one, source, reading))
                        .orElse(true));
    }

    /** What is written into the folder that is read would be read itself, by the next run if not by this one. */
    private void checkFoldersRead() {
        for (Part part : reading.parts(SinkSpec.class)) {
            SinkSpec<?> sink = (SinkSpec<?>) part.made();
            sink.localPath()
                    .ifPresent(written -> foldersRead()
                            .filter(read -> isReadWith((String) read.made(), written))
                            .forEach(read -> problem(
                                    part,
                                    Words.key(Words.key(part.path(), sink.name()), "path"),
                                    "must lie outside of " + read.path() + ", whose files are read, but was "
                                            + Words.quoted(written))));
        }
    }

    /** The folders of this machine that events and full publishes are read from, each as a part made of text. */
    private Stream<Part> foldersRead() {
        return Stream.concat(
                reading.parts(SourceSpec.class).stream()
                        .flatMap(part ->
                                ((SourceSpec) part.made()).localPath().map(path -> path(part, "files", path)).stream()),
                reading.parts(FilePublish.class).stream()
                        .flatMap(part -> ((FilePublish) part.made())
                                        .localPath()
                                        .map(path -> new Part(Words.key(part.path(), "path"), part.at(), path))
                                        .stream()));
    }

    private static boolean isReadWith(String read, String written) {
        return path(read)
                .flatMap(folder -> path(written).map(path -> isReadWith(folder, path)))
                .orElse(false);
    }

    private static boolean isReadWith(Path read, Path written) {
        return isInFolder(read, written)
                || matchesGlob(read, written.resolve("object.jsonl"))
                || matchesGlob(read, written.resolve("object.jsonl.gz"));
    }

    private static boolean isInFolder(Path folder, Path written) {
        return written.startsWith(folder) && !isHidden(folder.relativize(written));
    }

    private static boolean matchesGlob(Path glob, Path object) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(object);
        } catch (PatternSyntaxException e) {
            return false; // the source refuses it when it looks for files
        }
    }

    private static boolean isHidden(Path below) {
        return Streams.stream(below).map(Path::toString).anyMatch(part -> part.startsWith("_") || part.startsWith("."));
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text.replaceFirst("^file:(//)?", ""))
                    .toAbsolutePath()
                    .normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private void checkStartOffsets() {
        for (Part part : reading.parts(KafkaSource.class)) {
            String startOffsets = ((KafkaSource) part.made()).startOffsets();
            if (startOffsets != null) {
                checkStartOffsets(part, startOffsets);
            }
        }
    }

    private void checkStartOffsets(Part part, String startOffsets) {
        try {
            StartOffsets.inlined(startOffsets);
        } catch (IllegalArgumentException e) {
            problem(part, Words.key(part.path(), "startOffsets"), String.valueOf(e.getMessage()));
        }
    }

    private void checkDeadLetters(Value spec) {
        if (!hasDeadLetters(spec)) {
            reading.problem("deadLetters", spec.at(), "is required where the pipeline runs on a cluster");
        }
    }

    /** Whether the spec says where dead letters go. */
    static boolean hasDeadLetters(Value spec) {
        return of(spec, "deadLetters").isPresent();
    }

    /** What is written at a key of the spec. */
    static Optional<Value> of(Value spec, String key) {
        return spec instanceof Fields fields
                ? fields.entries().stream()
                        .filter(entry -> entry.key().equals(key))
                        .map(Entry::value)
                        .findFirst()
                : Optional.empty();
    }

    /** The paths on this machine's own file system, each as a part made of text. */
    private List<Part> localPaths(boolean deadLetters) {
        List<Part> paths = new ArrayList<>();
        foldersRead().forEach(paths::add);
        for (Part part : reading.parts(SinkSpec.class)) {
            SinkSpec<?> sink = (SinkSpec<?>) part.made();
            sink.localPath()
                    .filter(path -> deadLetters || !part.path().equals("deadLetters"))
                    .ifPresent(path -> paths.add(path(part, sink.name(), path)));
        }
        for (Part part : reading.parts(KafkaSource.class)) {
            ((KafkaSource) part.made())
                    .localArchive()
                    .ifPresent(path -> paths.add(new Part(Words.key(part.path(), "archive"), part.at(), path)));
        }
        for (Part part : reading.parts(FileTable.class)) {
            paths.add(new Part(Words.key(part.path(), "path"), part.at(), ((FileTable) part.made()).path()));
        }
        for (Part part : reading.parts(DynamicSpec.class)) {
            String file = ((DynamicSpec) part.made()).file();
            if (file != null) {
                paths.add(new Part(Words.key(part.path(), "file"), part.at(), file));
            }
        }
        return paths;
    }

    private static Part path(Part part, String key, String path) {
        return new Part(Words.key(Words.key(part.path(), key), "path"), part.at(), path);
    }

    private void checkPath(Part part, Target target) {
        String path = (String) part.made();
        if (target == Target.REMOTE) {
            problem(part, part.path(), NOT_SHARED + Words.quoted(path));
        } else if (!path.startsWith("file:") && !new File(path).isAbsolute()) {
            problem(part, part.path(), RELATIVE + Words.quoted(path));
        }
    }

    private void problem(Part part, String path, String message) {
        reading.problem(path, part.at(), message);
    }
}
