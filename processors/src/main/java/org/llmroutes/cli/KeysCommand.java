package org.llmroutes.cli;

import org.llmroutes.config.Settings;
import org.llmroutes.identity.KeyFile;
import picocli.CommandLine.Command;

/** What can be done with the API keys of the gateway. */
@Command(
    description = {
      "Add, list and revoke API keys of the gateway, which takes them where auth.methods has keys.",
      "They are kept, as hashes, in auth.keys-file; the gateway notices each change by itself."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {KeysAddCommand.class, KeysListCommand.class, KeysRevokeCommand.class})
final class KeysCommand {

  static KeyFile file() {
    Settings settings = Clients.settings();
    return new KeyFile(settings.path(settings.get("auth.keys-file")));
  }
}
