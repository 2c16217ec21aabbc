package io.millrace.transforms.script;

/** Counts events in blocks, and tells of each block whether more than a share of its events failed. */
final class FailureShare {
    private final int block;
    private final double allowed;
    private int events;
    private int failed;

    /** Blocks of so many events, of which at most this share may fail. */
    FailureShare(int block, double allowed) {
        this.block = block;
        this.allowed = allowed;
    }

    /** Counts an event; gives how many failed of the block that it ends, if those are too many, and otherwise 0. */
    int add(boolean hasFailed) {
        failed += hasFailed ? 1 : 0;
        if (++events < block) {
            return 0;
        }
        int tooMany = failed > allowed * block ? failed : 0;
        events = 0;
        failed = 0;
        return tooMany;
    }
}
