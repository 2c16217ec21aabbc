package io.millrace.io.objects;

import com.google.common.io.CountingOutputStream;
import io.millrace.io.sink.Lease;
import io.millrace.io.sink.Patience;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * A folder on one of Beam's file systems, in which an object is there whole or not at all. Names are relative to it, their parts
 * separated by {@code /}.
 */
class Folder implements Serializable {
    private static final long serialVersionUID = 1;
    /** The file systems on which an object appears when its writing ends, and replaces the one before at once. */
    private static final Set<String> WHOLE_OBJECTS = Set.of("s3", "gs");

    private static final String ANY_TYPE = "application/octet-stream";

    private final String path;
    private final TransientFailures transientFailures;
    private transient @Nullable Patience patience;
    private transient @Nullable Lease lease;

    Folder(String path) {
        this(path, TransientFailures.NONE);
    }

    /** A folder on a file system whose failures may pass: what meets one is tried again, with {@link Patience}. */
    Folder(String path, TransientFailures transientFailures) {
        this.path = path;
        this.transientFailures = transientFailures;
    }

    /** The same, on a file system whose failures may pass. */
    Folder withTransientFailures(TransientFailures failures) {
        return new Folder(path, failures);
    }

    /** The same, with a patience of another kind, which serialisation does not keep. */
    Folder by(Patience patience) {
        Folder folder = new Folder(path, transientFailures);
        folder.patience = patience;
        return folder;
    }

    /** From now on, until it is closed, this is the folder of a task, which changes nothing in it when its lease is lost. */
    void open() {
        lease = Lease.take();
    }

    void close() {
        if (lease != null) {
            lease.close();
        }
    }

    /** Asked before a task changes anything. */
    void checkLease() {
        if (lease != null) {
            lease.check();
        }
    }

    /**
     * Begins something of several steps, which together have the patience that one has: a bundle that waits for each of them would hold
     * up a checkpoint for too long.
     */
    void begin() {
        patience().renew();
    }

    /** What an object consists of. */
    interface Content {
        /** Writes it. Called once for each attempt. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes or replaces an object, and gives its size in bytes. */
    long write(String name, Content content) throws IOException {
        ResourceId target = resource(name);
        return WHOLE_OBJECTS.contains(target.getScheme())
                ? patiently(() -> put(target, content))
                : patiently(() -> move(draftOf(name), target, content));
    }

    private long put(ResourceId target, Content content) throws IOException {
        // Not closed where writing fails: closing would complete the upload, and show half an object.
        WritableByteChannel channel = FileSystems.create(target, ANY_TYPE);
        return fill(channel, content);
    }

    private long move(ResourceId draft, ResourceId target, Content content) throws IOException {
        boolean moved = false;
        try {
            long size;
            try (WritableByteChannel channel = FileSystems.create(draft, ANY_TYPE)) {
                size = fill(channel, content);
            }
            checkLease();
            FileSystems.rename(List.of(draft), List.of(target));
            moved = true;
            return size;
        } finally {
            if (!moved) {
                FileSystems.delete(List.of(draft), StandardMoveOptions.IGNORE_MISSING_FILES);
            }
        }
    }

    private long fill(WritableByteChannel channel, Content content) throws IOException {
        CountingOutputStream out = new CountingOutputStream(new KeptOpen(Channels.newOutputStream(channel)));
        content.writeTo(out);
        out.flush();
        checkLease();
        channel.close();
        return out.getCount();
    }

    /** The content of an object, or nothing where there is none. */
    Optional<byte[]> read(String name) throws IOException {
        return patiently(() -> Reading.ifThere(
                resource(name),
                object -> Optional.of(Channels.newInputStream(object).readAllBytes())));
    }

    /** Writes or replaces an object with what one of another folder has. */
    void copy(String name, Folder from) throws IOException {
        write(name, out -> {
            try (InputStream in = from.open(name)) {
                in.transferTo(out);
            }
        });
    }

    /** Opens an object, which must be there. */
    InputStream open(String name) throws IOException {
        return Channels.newInputStream(FileSystems.open(resource(name)));
    }

    /** The names of the objects whose name is of a pattern, in which {@code *} stands for what is no {@code /}. */
    List<String> list(String pattern) throws IOException {
        return patiently(() -> listOnce(pattern));
    }

    /** The same of a pattern that ends in {@code **} and what names end in, which stands for what is in folders below too. */
    List<String> listBelow(String pattern) throws IOException {
        String folder = "/" + pattern.substring(0, pattern.indexOf('*'));
        return patiently(() -> match(directory(""), pattern).stream()
                .map(found -> found.resourceId().toString())
                .map(path -> path.substring(path.lastIndexOf(folder) + 1))
                .sorted()
                .toList());
    }

    private List<String> listOnce(String pattern) throws IOException {
        int folderEnd = pattern.lastIndexOf('/') + 1;
        List<String> names = new ArrayList<>();
        for (Metadata found : match(directory(pattern.substring(0, folderEnd)), pattern.substring(folderEnd))) {
            names.add(pattern.substring(0, folderEnd) + found.resourceId().getFilename());
        }
        names.sort(null);
        return names;
    }

    private static List<Metadata> match(ResourceId directory, String pattern) throws IOException {
        MatchResult result = FileSystems.match(List.of(directory + pattern)).get(0);
        if (result.status() != MatchResult.Status.NOT_FOUND) {
            return result.metadata();
        }
        if (WHOLE_OBJECTS.contains(directory.getScheme())) {
            throw new Vanished(directory + pattern);
        }
        return List.of();
    }

    /**
     * One of the objects of a pattern was deleted while they were looked at. A store of objects says that nothing was found by an empty
     * list; that something was not found means that it had been listed before.
     */
    private static final class Vanished extends IOException {
        private static final long serialVersionUID = 1;

        Vanished(String pattern) {
            super("an object was deleted while those of " + pattern + " were listed");
        }
    }

    /** Deletes objects; those that are not there already are no matter. */
    void delete(Collection<String> names) throws IOException {
        patiently(() -> {
            checkLease();
            FileSystems.delete(names.stream().map(this::resource).toList(), StandardMoveOptions.IGNORE_MISSING_FILES);
            return names;
        });
    }

    private <T> T patiently(Attempt<T> attempt) throws IOException {
        while (true) {
            try {
                T made = attempt.make();
                patience().answered();
                return made;
            } catch (IOException | RuntimeException e) {
                if (!(e instanceof Vanished) && !transientFailures.include(e)) {
                    throw e;
                }
                patience().await(String.valueOf(e));
            }
        }
    }

    private Patience patience() {
        if (patience == null) {
            patience = Patience.with(path);
        }
        return patience;
    }

    private ResourceId draftOf(String name) {
        int folderEnd = name.lastIndexOf('/') + 1;
        return resource(
                name.substring(0, folderEnd) + "." + name.substring(folderEnd) + "." + UUID.randomUUID() + ".draft");
    }

    private ResourceId resource(String name) {
        int folderEnd = name.lastIndexOf('/') + 1;
        return directory(name.substring(0, folderEnd))
                .resolve(name.substring(folderEnd), StandardResolveOptions.RESOLVE_FILE);
    }

    private ResourceId directory(String name) {
        ResourceId directory = FileSystems.matchNewResource(path, true);
        for (String part : Arrays.asList(name.split("/"))) {
            if (!part.isEmpty()) {
                directory = directory.resolve(part, StandardResolveOptions.RESOLVE_DIRECTORY);
            }
        }
        return directory;
    }

    @Override
    public String toString() {
        return path;
    }

    /** One attempt at something. */
    private interface Attempt<T> {
        T make() throws IOException;
    }

    /**
     * A stream to a channel that closing leaves open: a stream that cannot be flushed is closed nevertheless, and closing the channel
     * would make an object of the half.
     */
    private static final class KeptOpen extends BufferedOutputStream {
        KeptOpen(OutputStream channel) {
            super(channel, 1 << 16);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
