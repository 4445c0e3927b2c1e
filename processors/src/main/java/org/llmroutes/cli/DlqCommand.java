package org.llmroutes.cli;

import picocli.CommandLine.Command;

/** What can be done with dead letters. */
@Command(
    description =
        "Look at dead letters, the requests that failed; work on them again or delete them",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DlqListCommand.class,
      DlqShowCommand.class,
      DlqReplayCommand.class,
      DlqPurgeCommand.class
    })
final class DlqCommand {}
