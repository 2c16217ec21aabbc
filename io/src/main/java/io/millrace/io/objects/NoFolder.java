package io.millrace.io.objects;

import com.google.common.io.CountingOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A folder in which is never anything: what is written to it is made, and forgotten. */
final class NoFolder extends Folder {
    private static final long serialVersionUID = 1;

    NoFolder() {
        super("nowhere");
    }

    @Override
    Folder withTransientFailures(TransientFailures failures) {
        return this;
    }

    @Override
    long write(String name, Content content) throws IOException {
        try (CountingOutputStream out = new CountingOutputStream(OutputStream.nullOutputStream())) {
            content.writeTo(out);
            return out.getCount();
        }
    }

    @Override
    Optional<byte[]> read(String name) {
        return Optional.empty();
    }

    @Override
    List<String> list(String pattern) {
        return List.of();
    }

    @Override
    List<String> listBelow(String pattern) {
        return List.of();
    }

    @Override
    void delete(Collection<String> names) {}
}
