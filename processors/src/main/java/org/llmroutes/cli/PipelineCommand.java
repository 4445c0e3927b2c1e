package org.llmroutes.cli;

import picocli.CommandLine.Command;

/** What can be done with pipelines. */
@Command(
    description = "Run a pipeline of the catalogue and follow it; look at runs, stop them",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PipelineRunCommand.class,
      PipelineStatusCommand.class,
      PipelineCancelCommand.class,
      PipelineListCommand.class
    })
final class PipelineCommand {}
