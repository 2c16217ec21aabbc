package io.millrace.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * The files that a path leads to, as they are.
 *
 * @param files in the order of their names
 * @param state tells them from others, and from what they were or will be
 */
record FilesNow(List<FoundFile> files, String state) {
    private static final int SIGNS_OF_A_STATE = 32;

    static FilesNow at(String path) throws IOException {
        List<FoundFile> files = FoundFile.at(Paths.withoutFileScheme(path)).stream()
                .sorted(Comparator.comparing(FoundFile::stream))
                .toList();
        List<String> states = Paths.local(path).isPresent() ? localStates(files) : remoteStates(files);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < files.size(); i++) {
            all.append(files.get(i).stream()).append('\n').append(states.get(i)).append('\n');
        }
        return new FilesNow(
                files, Hashing.sha256().hashString(all, UTF_8).toString().substring(0, SIGNS_OF_A_STATE));
    }

    private static List<String> localStates(List<FoundFile> files) throws IOException {
        List<String> states = new ArrayList<>();
        for (FoundFile file : files) {
            Path path = Path.of(file.file().resourceId().toString());
            BasicFileAttributes of = Files.readAttributes(path, BasicFileAttributes.class);
            states.add(state(file.file()) + " " + of.size() + " " + of.lastModifiedTime() + " " + of.fileKey());
        }
        return states;
    }

    /** A listing of S3 has times in seconds and no ETags; what one by one is said of objects has them. */
    private static List<String> remoteStates(List<FoundFile> files) throws IOException {
        if (files.stream().allMatch(file -> file.file().checksum() != null)) {
            return files.stream().map(file -> state(file.file())).toList();
        }
        List<String> states = new ArrayList<>();
        for (MatchResult file : FileSystems.matchResources(
                files.stream().map(file -> file.file().resourceId()).toList())) {
            boolean isThere = file.status() != MatchResult.Status.NOT_FOUND;
            states.add(isThere ? file.metadata().stream().map(FilesNow::state).collect(joining(" ")) : "gone");
        }
        return states;
    }

    private static String state(Metadata file) {
        return file.sizeBytes() + " " + file.lastModifiedMillis() + " " + file.checksum();
    }

    /** When the newest was changed, in milliseconds; null where that is not known. */
    @Nullable Long changed() {
        long newest = files.stream()
                .mapToLong(file -> file.file().lastModifiedMillis())
                .max()
                .orElse(0);
        return newest > 0 ? newest : null;
    }
}
