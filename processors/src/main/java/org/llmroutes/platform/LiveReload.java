package org.llmroutes.platform;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.llmroutes.validate.Mistake;
import org.llmroutes.validate.ProjectValidator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves routes and Kamelets as they are edited. What has a mistake is named by file and line and
 * never replaces what serves; what passes the checks and is refused by Camel all the same is taken
 * back. Files are read and compared again and again: that works with every editor and every mounted
 * volume.
 */
final class LiveReload implements StartupListener {
  private static final Logger LOG = LoggerFactory.getLogger(LiveReload.class);
  private static final long POLL_MILLIS = 250;

  private final Path home;
  private final Roles roles;
  private final ProjectValidator validator = new ProjectValidator();
  private LoadedRoutes routes;
  private RouteSources serving;
  private RouteSources seen;
  private RouteSources tried;

  /**
   * To be made before Camel loads the files: what changes while it starts is then seen.
   *
   * @throws IOException where the files cannot be read
   */
  LiveReload(Path home, Roles roles) throws IOException {
    this.home = home;
    this.roles = roles;
    this.serving = RouteSources.read(home, roles);
    this.seen = serving;
    this.tried = serving;
  }

  @Override
  public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
    // Camel calls it again for every route that is loaded later
  }

  @Override
  public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
    routes = new LoadedRoutes(context);
    context
        .getExecutorServiceManager()
        .newSingleThreadScheduledExecutor(this, "live-reload")
        .scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    LOG.info("Watching routes and kamelets in {}", home);
  }

  private void poll() {
    try {
      RouteSources now = RouteSources.read(home, roles);
      boolean settled = now.equals(seen);
      seen = now;
      if (settled && !now.equals(tried)) {
        tried = now;
        reload(now);
      }
    } catch (IOException e) {
      LOG.debug("An editor is replacing a file", e);
    } catch (RuntimeException e) {
      LOG.error("Not reloaded", e);
    }
  }

  private void reload(RouteSources changed) {
    if (changed.equals(serving)) {
      LOG.info("The change is taken back; what serves is up to date");
      return;
    }
    List<Mistake> mistakes = validator.checkRoutes(home);
    if (!mistakes.isEmpty()) {
      mistakes.forEach(mistake -> LOG.error("{}", mistake));
      LOG.error("Not reloaded: the last good routes keep serving until this is put right");
      return;
    }
    LOG.info("Reloading {}", serving.differing(changed));
    try {
      routes.replace(changed);
      serving = changed;
      LOG.info("Reloaded");
    } catch (Exception e) {
      LOG.error("Camel refuses the change: {}", e.getMessage());
      LOG.debug("Refused", e);
      putBack();
    }
  }

  private void putBack() {
    try {
      routes.replace(serving);
      LOG.error("Not reloaded: the last good routes serve again");
    } catch (Exception e) {
      LOG.error("The last good routes do not start again; correct the change or restart", e);
    }
  }
}
