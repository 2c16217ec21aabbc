package io.millrace.pipelines;

import picocli.CommandLine.Command;

/** What stands before the commands about scripts. */
@Command(
        name = "script",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Tries scripts, and puts versions of them in force. A script is a text with a function filter(event, context), map(event, context) or flatMap(event,"
                    + " context): filter says whether an event is kept, map gives the object that is made of it, and flatMap an"
                    + " array of objects. A route of a spec runs one:",
            "",
            "  routes:",
            "    - name: minutes",
            "      script: {file: play-minutes.js}",
            "      sink: {files: {path: out/minutes}}",
            "",
            "Where the spec says script: {dynamic: {kafka: {bootstrapServers: \"localhost:9092\", topic: play_script}}} instead,"
                    + " versions of it come while the route runs.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  script test pipelines/samples/play-minutes.js --events=events.jsonl",
            "  script publish play-minutes.js --spec=play-events.yaml",
            "  script history --spec=play-events.yaml",
        })
final class ScriptCommand extends CommandGroup {}
