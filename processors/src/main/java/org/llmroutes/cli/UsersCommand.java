package org.llmroutes.cli;

import picocli.CommandLine.Command;

/** Which groups users are in, for the readers of documents. */
@Command(
    description = {
      "Say which groups users are in, for what they may read.",
      "Groups of a user who comes by the gateway are learnt from the credentials too; both count."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {UsersListCommand.class, UsersRemoveCommand.class, UsersSetCommand.class})
final class UsersCommand {}
