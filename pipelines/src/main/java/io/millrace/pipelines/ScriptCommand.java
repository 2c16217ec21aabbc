package io.millrace.pipelines;

import picocli.CommandLine.Command;

/** What stands before the commands about scripts. */
@Command(
        name = "script",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Tries scripts, and puts versions of them in force.",
            "",
            "A script is a text with a function filter(event, context), map(event, context) or flatMap(event, context): filter"
                    + " says whether an event is kept, map gives the object that is made of it, and flatMap an array of objects. A"
                    + " route of a spec runs one:",
            "",
            "  routes:",
            "    - name: minutes",
            "      script: {file: play-minutes.js}",
            "      sink: {files: {path: out/minutes}}",
            "",
            "Versions of it come while the route runs, where the spec says instead:",
            "",
            "      script: {dynamic: {file: play-minutes.versions}}",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  script test pipelines/samples/play-minutes.js --events=events.jsonl",
            "  script publish pipelines/samples/play-minutes.js --spec=spec.yaml",
            "  script history --spec=spec.yaml",
        })
final class ScriptCommand extends CommandGroup {}
