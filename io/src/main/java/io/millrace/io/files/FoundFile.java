package io.millrace.io.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/**
 * A file that a path leads to.
 *
 * @param file what the file system says of it
 * @param parent where it was found, with its last {@code /}; empty for the folder that a process is in
 * @param stream its path from there
 */
record FoundFile(Metadata file, String parent, String stream) {

    /** The files that a path leads to, in no order: itself, what matches it, or what lies in that folder, but no hidden ones. */
    static List<FoundFile> at(String path) throws IOException {
        List<FoundFile> files = find(path);
        // Beam's listing of S3 is empty where it does not find one of the objects when it looks at each
        return files.isEmpty() ? find(path) : files;
    }

    private static List<FoundFile> find(String path) throws IOException {
        return Paths.isGlob(path) ? matching(path, Paths.parentOfGlob(path)) : fileOrFolder(path);
    }

    private static List<FoundFile> fileOrFolder(String path) throws IOException {
        Optional<Metadata> file = fileAt(path);
        if (file.isPresent()) {
            String parent = path.substring(0, path.lastIndexOf('/') + 1);
            return List.of(
                    new FoundFile(file.get(), parent, file.get().resourceId().getFilename()));
        }
        String folder = asFolder(path);
        return matching(folder + "**", folder);
    }

    /** What lies at a path, if that is a file. */
    static Optional<Metadata> fileAt(String path) throws IOException {
        if (Paths.isBucket(path)) {
            return Optional.empty(); // Beam fails where it is asked for an object without a name
        }
        return FileSystems.match(path, EmptyMatchTreatment.ALLOW).metadata().stream()
                .filter(found -> !found.resourceId().isDirectory())
                .findFirst();
    }

    static String asFolder(String path) {
        return path.endsWith("/") ? path : path + "/";
    }

    private static List<FoundFile> matching(String glob, String folder) throws IOException {
        String prefix = FileSystems.matchNewResource(folder.isEmpty() ? "./" : folder, true)
                .toString();
        List<FoundFile> files = new ArrayList<>();
        for (Metadata file : FileSystems.match(glob, EmptyMatchTreatment.ALLOW).metadata()) {
            String stream = file.resourceId().toString().substring(prefix.length());
            if (!isHidden(stream)) {
                files.add(new FoundFile(file, folder, stream));
            }
        }
        return files;
    }

    private static boolean isHidden(String stream) {
        for (String part : stream.split("/")) {
            if (part.startsWith("_") || part.startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    /** Where it is, as the path says it. */
    String path() {
        return parent + stream;
    }
}
