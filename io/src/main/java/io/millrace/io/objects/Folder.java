package io.millrace.io.objects;

import com.google.common.io.CountingOutputStream;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
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
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * A folder on one of Beam's file systems, in which an object is there whole or not at all. Names are relative to it, their parts
 * separated by {@code /}.
 */
final class Folder implements Serializable {
    private static final long serialVersionUID = 1;
    /** The file systems on which an object appears when its writing ends, and replaces the one before at once. */
    private static final Set<String> WHOLE_OBJECTS = Set.of("s3", "gs");

    private static final String ANY_TYPE = "application/octet-stream";

    private final String path;

    Folder(String path) {
        this.path = path;
    }

    /** What an object consists of. */
    interface Content {
        /** Writes it. Called once for each attempt. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes or replaces an object, and gives its size in bytes. */
    long write(String name, Content content) throws IOException {
        ResourceId target = resource(name);
        return WHOLE_OBJECTS.contains(target.getScheme()) ? put(target, content) : move(draftOf(name), target, content);
    }

    private static long put(ResourceId target, Content content) throws IOException {
        // Not closed where writing fails: closing would complete the upload, and show half an object.
        WritableByteChannel channel = FileSystems.create(target, ANY_TYPE);
        return fill(channel, content);
    }

    private static long move(ResourceId draft, ResourceId target, Content content) throws IOException {
        boolean moved = false;
        try {
            long size;
            try (WritableByteChannel channel = FileSystems.create(draft, ANY_TYPE)) {
                size = fill(channel, content);
            }
            FileSystems.rename(List.of(draft), List.of(target));
            moved = true;
            return size;
        } finally {
            if (!moved) {
                FileSystems.delete(List.of(draft), StandardMoveOptions.IGNORE_MISSING_FILES);
            }
        }
    }

    private static long fill(WritableByteChannel channel, Content content) throws IOException {
        CountingOutputStream out =
                new CountingOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16));
        content.writeTo(out);
        out.close();
        return out.getCount();
    }

    /** The content of an object, or nothing where there is none. */
    Optional<byte[]> read(String name) throws IOException {
        try (InputStream in = Channels.newInputStream(FileSystems.open(resource(name)))) {
            return Optional.of(in.readAllBytes());
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The names of the objects whose name is of a pattern, in which {@code *} stands for what is no {@code /}. */
    List<String> list(String pattern) throws IOException {
        int folderEnd = pattern.lastIndexOf('/') + 1;
        List<String> names = new ArrayList<>();
        String spec = directory(pattern.substring(0, folderEnd)) + pattern.substring(folderEnd);
        for (Metadata found : FileSystems.match(spec, EmptyMatchTreatment.ALLOW).metadata()) {
            names.add(pattern.substring(0, folderEnd) + found.resourceId().getFilename());
        }
        names.sort(null);
        return names;
    }

    /** Deletes objects; those that are not there already are no matter. */
    void delete(Collection<String> names) throws IOException {
        FileSystems.delete(names.stream().map(this::resource).toList(), StandardMoveOptions.IGNORE_MISSING_FILES);
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
}
