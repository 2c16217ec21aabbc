package io.millrace.transforms.event;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;

/**
 * Which run of which pipeline writes: what a sink stamps on its results beside their identity.
 *
 * @param pipeline the pipeline's name
 * @param specVersion the version of its spec, or empty where there is no spec
 * @param lineage the name of this run and of those restored from it; a run started afresh has a new one
 * @param epoch 0 until the job is first rewound; a higher epoch wins over a lower one
 */
public record Run(String pipeline, String specVersion, String lineage, long epoch) implements Serializable {

    private static final String REPLAY = "replay-";

    public Run {
        checkArgument(!pipeline.isEmpty(), "pipeline must not be empty");
        checkArgument(!lineage.isEmpty(), "lineage must not be empty");
        checkArgument(epoch >= 0, "epoch must be at least 0, but was %s", epoch);
    }

    /** The same run, as one of another lineage. */
    public Run withLineage(String lineage) {
        return new Run(pipeline, specVersion, lineage, epoch);
    }

    /** The same run, in another epoch. */
    public Run withEpoch(long epoch) {
        return new Run(pipeline, specVersion, lineage, epoch);
    }

    /**
     * A run whose results come behind later ones: of a replay of dead letters, or of corrections. What identifies these is its lineage: the same ones replayed again are the same
     * run, which writes over what it wrote.
     */
    public static Run replaying(String what, String pipeline, String specVersion, long epoch) {
        return new Run(pipeline, specVersion, REPLAY + what, epoch);
    }

    /** Whether its results come behind later ones of the same origin partition. */
    public boolean isReplay() {
        return isReplay(lineage);
    }

    /** Whether a lineage is that of a replay. */
    public static boolean isReplay(String lineage) {
        return lineage.startsWith(REPLAY);
    }
}
