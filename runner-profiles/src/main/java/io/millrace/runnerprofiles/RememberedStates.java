package io.millrace.runnerprofiles;

import java.util.List;
import java.util.Optional;

/**
 * The states of a job that its cluster remembers.
 *
 * @param completed its savepoints and retained checkpoints: the newest of either, and those among its last ten or so
 * @param restoredFrom the path of what it began with, or was restored from last; empty if it began afresh, or has not begun
 */
public record RememberedStates(List<CompletedState> completed, Optional<String> restoredFrom) {
    public RememberedStates {
        completed = List.copyOf(completed);
    }
}
