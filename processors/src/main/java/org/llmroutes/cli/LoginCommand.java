package org.llmroutes.cli;

import java.util.concurrent.Callable;
import org.llmroutes.config.Settings;
import org.llmroutes.login.DeviceLogin;
import picocli.CommandLine.Command;

/** Logs in with the OpenID Connect provider. */
@Command(
    description = {
      "Log in with the OpenID Connect provider of auth.oidc.issuer, by a code that is entered in a browser.",
      "Commands that ask (chat, voice, cancel, pipeline run) then ask as you."
    },
    mixinStandardHelpOptions = true)
final class LoginCommand implements Callable<Integer> {

  @Override
  public Integer call() throws Exception {
    Settings settings = Clients.settings();
    DeviceLogin login = new DeviceLogin(settings);
    System.out.println("Open " + login.page());
    System.out.println("and see that it shows the code " + login.code());
    System.out.println("Logged in as " + login.await().userId());
    return 0;
  }
}
