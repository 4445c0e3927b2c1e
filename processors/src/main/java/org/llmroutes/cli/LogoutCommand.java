package org.llmroutes.cli;

import java.util.concurrent.Callable;
import org.llmroutes.login.OidcLogin;
import picocli.CommandLine.Command;

/** Forgets a login. */
@Command(description = "Forget the login of this machine", mixinStandardHelpOptions = true)
final class LogoutCommand implements Callable<Integer> {

  @Override
  public Integer call() throws Exception {
    System.out.println(
        OidcLogin.forget(Clients.settings()) ? "Logged out" : "You were not logged in");
    return 0;
  }
}
