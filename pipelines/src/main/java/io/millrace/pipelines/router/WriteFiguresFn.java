package io.millrace.pipelines.router;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.transforms.DoFn;

/** Leaves figures in a file of this machine, whole or not at all, for the command that runs the audit in this process. */
final class WriteFiguresFn extends DoFn<AuditFigures, Void> {
    private static final long serialVersionUID = 1;

    private final String file;

    WriteFiguresFn(Path file) {
        this.file = file.toString();
    }

    @ProcessElement
    public void process(@Element AuditFigures figures) throws IOException {
        Path draft = Path.of(file + ".draft");
        Files.writeString(draft, figures.json().toString());
        Files.move(draft, Path.of(file), REPLACE_EXISTING);
    }
}
