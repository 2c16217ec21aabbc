package io.millrace.pipelines;

import picocli.CommandLine.Command;

/** What stands before the commands about scripts. */
@Command(
        name = "script",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Tries scripts. A script is a text with a function filter(event, context), map(event, context) or flatMap(event,"
                    + " context): filter says whether an event is kept, map gives the object that is made of it, and flatMap an"
                    + " array of objects. A route of a spec runs one:",
            "",
            "  routes:",
            "    - name: minutes",
            "      script: {file: play-minutes.js}",
            "      sink: {files: {path: out/minutes}}",
        },
        footerHeading = "%nExamples:%n",
        footer = "  script test pipelines/samples/play-minutes.js --events=events.jsonl")
final class ScriptCommand extends CommandGroup {}
