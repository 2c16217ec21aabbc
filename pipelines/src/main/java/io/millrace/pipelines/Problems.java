package io.millrace.pipelines;

import io.millrace.devinterface.spec.SpecProblem;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.OptionsRefused;
import io.millrace.runnerprofiles.RunnerProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what is wrong with the spec and with the options, so that it is all said at once. */
final class Problems {
    private final List<String> lines = new ArrayList<>();

    /** What is to be checked. */
    interface Check<T> {
        T get() throws SpecProblems;
    }

    /** What a check gives, or nothing, its problems being noted. */
    <T> Optional<T> noting(Check<T> check) {
        try {
            return Optional.of(check.get());
        } catch (SpecProblems e) {
            e.problems().stream().map(SpecProblem::toString).forEach(lines::add);
        } catch (OptionsRefused e) {
            lines.addAll(e.problems());
        }
        return Optional.empty();
    }

    /** Notes a problem. */
    void add(String path, String problem) {
        lines.add(path + ": " + problem);
    }

    /** Notes a problem that is a sentence: what must be is what comes before that. */
    void addSentence(String sentence) {
        lines.add(sentence.replaceFirst(" must ", ": must "));
    }

    /** Notes what is wrong with Beam's options for a job on Flink; of none nothing can be, and Beam needs a second to read its options. */
    void checkBeamOptions(List<String> beamOptions) {
        if (!beamOptions.isEmpty()) {
            noting(() -> RunnerProfile.FLINK.options(RouterJob.SHAPE_OF_ANY, beamOptions));
        }
    }

    /** Ends the command if anything was wrong. */
    void throwIfAny() {
        if (!lines.isEmpty()) {
            throw wrongInput();
        }
    }

    /** What ends the command. */
    WrongInput wrongInput() {
        return new WrongInput(lines.stream().distinct().toList());
    }
}
