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
            "Versions of it come while the route runs, where the spec names a topic of Kafka instead, or to try it a file:",
            "",
            "      script: {dynamic: {kafka: {bootstrapServers: \"localhost:9092\", topic: play_minutes_script}}}",
            "      script: {dynamic: {file: play-minutes.versions}}",
            "",
            "The name of a file, also in a spec, is one in the folder where the command runs.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  script test pipelines/samples/play-minutes.js --tests=pipelines/samples/play-minutes.tests.json",
            "  script test pipelines/samples/play-minutes.js --events=events.jsonl",
            "  script publish pipelines/samples/play-minutes.js --spec=spec.yaml",
            "  script history --spec=spec.yaml",
        })
final class ScriptCommand extends CommandGroup {}
