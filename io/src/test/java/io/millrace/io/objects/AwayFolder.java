package io.millrace.io.objects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** A folder that cannot be written to, since a file stands in its place, until it comes back: until then a write hangs, or fails. */
final class AwayFolder {
    private final Path path;
    private final Path aside;
    private CountDownLatch written = new CountDownLatch(0);
    private CountDownLatch back = new CountDownLatch(0);

    AwayFolder(Path path) {
        this.path = path;
        this.aside = path.resolveSibling("aside");
        FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    }

    Path path() {
        return path;
    }

    /** The folder for writes that hang while it is away. */
    Folder hanging() {
        return new Folder(path.toString(), failure -> waitsUntilItIsBack());
    }

    /** The folder for writes that fail while it is away. */
    Folder failing() {
        return new Folder(path.toString());
    }

    void goAway() throws IOException {
        if (Files.exists(path)) {
            Files.move(path, aside);
        }
        Files.createFile(path);
        written = new CountDownLatch(1);
        back = new CountDownLatch(1);
    }

    void comeBack() throws IOException {
        Files.delete(path);
        if (Files.exists(aside)) {
            Files.move(aside, path);
        }
        back.countDown();
    }

    /** Waits until a write hangs. */
    void awaitWrite() throws InterruptedException {
        written.await();
    }

    private boolean waitsUntilItIsBack() {
        written.countDown();
        try {
            back.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
