package io.millrace.testfixtures.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the process of a server runs. */
public interface ProcessCommand {
    /** Of the server's log file, and in messages. */
    String name();

    /** Variables of its environment, beside those of this JVM. */
    Map<String, String> environment();

    /** Whether the process ends by itself where its standard input does. */
    boolean endsWithItsInput();

    /** The program and its arguments, for a log file and a folder for temporary files. */
    List<String> commandLine(Path log, Path temporary);
}
