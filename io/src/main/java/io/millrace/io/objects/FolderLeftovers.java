package io.millrace.io.objects;

import io.millrace.io.sink.Leftovers;
import io.millrace.io.sink.Replayed;
import java.io.IOException;
import java.util.List;

/**
 * Objects of a route whose manifest is of a lower epoch. One that has nothing but results of what was read again is deleted; one that has others too
 * stays. What replays of dead letters have written stays, and what is an archive.
 */
final class FolderLeftovers implements Leftovers {
    private final Folder folder;
    private final ObjectNames names;
    private final long epoch;

    FolderLeftovers(Folder folder, ObjectNames names, long epoch) {
        this.folder = folder;
        this.names = names;
        this.epoch = epoch;
    }

    @Override
    public Removed remove(Replayed replayed) throws IOException {
        long removed = 0;
        long kept = 0;
        for (String name : folder.listBelow(names.everyManifestOfThisRoute())) {
            Manifest manifest = Manifest.read(name, folder).orElse(null);
            if (manifest != null && manifest.epoch() < epoch && !manifest.isOfReplay() && !manifest.isArchive()) {
                Part part = Part.of(manifest, replayed);
                if (part == Part.ALL) {
                    folder.delete(folder.list(manifest.object()));
                    folder.delete(List.of(name)); // last: by it the objects are found again
                    removed += manifest.objects();
                }
                kept += part == Part.SOME ? manifest.objects() : 0;
            }
        }
        return new Removed(removed, kept);
    }
}
