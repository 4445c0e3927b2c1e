package org.llmroutes.platform;

import java.util.List;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/** Connects to what every turn needs while the routes start, so that no user waits for it. */
final class FirstContacts extends MainListenerSupport {
  private final List<Runnable> contacts;

  FirstContacts(List<Runnable> contacts) {
    this.contacts = contacts;
  }

  @Override
  public void beforeConfigure(BaseMainSupport main) {
    Thread thread = new Thread(() -> contacts.forEach(Runnable::run), "first-contacts");
    thread.setDaemon(true);
    thread.start();
  }
}
