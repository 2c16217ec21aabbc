package io.millrace.io.table;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;

/** Where rows of JSON are. */
public interface RowPlace extends Serializable {
    /** The place, for people: without a secret. */
    String place();

    /**
     * Reads all rows as they are now; or nothing, where they are the version that is held.
     *
     * @param held the version that is held; empty for none
     * @return the version of the rows that were read, empty where the place tells none; or nothing, where none was read
     * @throws IOException if they could not be read whole
     * @throws InterruptedException if the thread is interrupted
     */
    Optional<String> read(String held, RowReader rows) throws IOException, InterruptedException;
}
