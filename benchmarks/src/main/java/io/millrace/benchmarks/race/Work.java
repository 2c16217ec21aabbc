package io.millrace.benchmarks.race;

import java.util.List;

/** What a process of its own does until it is ended. Made by a constructor without arguments. */
public interface Work {
    /** Does the work; the arguments are those of the {@link Assignment}, and then those of the {@link Lane}. */
    void run(List<String> arguments) throws Exception;
}
