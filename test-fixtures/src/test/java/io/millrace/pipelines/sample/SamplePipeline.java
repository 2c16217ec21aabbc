package io.millrace.pipelines.sample;

/** A program: where it may be. */
public final class SamplePipeline {
    public static void main(String[] arguments) {}
}
