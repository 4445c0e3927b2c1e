package org.llmroutes.identity;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.camel.support.service.ServiceSupport;
import org.llmroutes.identity.Memberships.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who a user is for the {@code readers} of documents. What was read of the bucket {@code
 * principals} is remembered until the bucket tells of a change, so that a turn costs no round trip.
 * While NATS is away the last known counts; of whom nothing is known has no groups. Safe for
 * concurrent use.
 */
public final class Principals extends ServiceSupport {
  /** Of one user at most: a search compares each of them with each reader. */
  static final int MOST = 200;

  private static final Logger LOG = LoggerFactory.getLogger(Principals.class);
  private static final int REMEMBERED = 10_000;

  /** What was learnt is written again when this part of its time is over. */
  private static final int RENEWED_AFTER = 8;

  private final Connection connection;
  private final Memberships memberships;
  private final Duration maxAge;
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > REMEMBERED;
        }
      };
  private ExecutorService watching;
  private boolean told;
  private long changes;

  /**
   * What the bucket says of a user.
   *
   * @param current false where it may have changed since
   */
  private record Known(Optional<Membership> set, Optional<Membership> learnt, boolean current) {
    static final Known NOTHING = new Known(Optional.empty(), Optional.empty(), false);

    Known old() {
      return new Known(set, learnt, false);
    }
  }

  /**
   * @param maxAge how long the groups of a credential count
   */
  public Principals(Connection connection, Duration maxAge) {
    this.connection = connection;
    this.memberships = new Memberships(connection);
    this.maxAge = maxAge;
  }

  /** Until the bucket is there and watched, every question is read anew. */
  @Override
  protected void doStart() {
    watching =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "principals");
              thread.setDaemon(true);
              return thread;
            });
    watching.execute(memberships.watch(this::changed, this::begunAnew));
  }

  @Override
  protected void doStop() {
    watching.shutdownNow();
  }

  private synchronized void changed(String userId) {
    changes++;
    known.computeIfPresent(userId, (user, before) -> before.old());
  }

  private synchronized void begunAnew() {
    told = true;
    changes++;
    known.replaceAll((user, before) -> before.old());
  }

  /**
   * Notes the groups that a verified credential names, for requests of its user that follow. It
   * waits for NATS only where that is news; where it cannot be noted the log says so.
   *
   * @param userId a subject token
   */
  public void learn(String userId, Collection<String> groups) {
    Instant now = Instant.now();
    List<String> named = groups.stream().sorted().distinct().toList();
    Optional<Membership> before = known(userId).learnt();
    boolean news =
        before.isEmpty()
            ? !named.isEmpty()
            : !before.get().groups().equals(named)
                || before.get().since().plus(maxAge.dividedBy(RENEWED_AFTER)).isBefore(now);
    if (news) {
      try {
        memberships.put(Source.LEARNT, userId, new Membership(named, now, now.plus(maxAge)));
        changed(userId);
      } catch (IOException | JetStreamApiException | IllegalStateException e) {
        LOG.warn("The groups of {} cannot be noted, so that older ones count", userId, e);
      }
    }
  }

  /**
   * What the user may read by: itself, its groups, those said last first, and {@value
   * Principal#PUBLIC}; no more than {@value #MOST}.
   *
   * @param userId a subject token
   */
  public List<String> of(String userId) {
    List<String> principals = new ArrayList<>();
    principals.add(Principal.user(userId));
    groups(known(userId), Instant.now()).stream().limit(MOST - 2).forEach(principals::add);
    principals.add(Principal.PUBLIC);
    return principals;
  }

  private static List<String> groups(Known known, Instant now) {
    return Stream.of(known.set(), known.learnt())
        .flatMap(Optional::stream)
        .filter(membership -> membership.counts(now))
        .sorted(Comparator.comparing(Membership::since).reversed())
        .flatMap(membership -> membership.groups().stream())
        .flatMap(name -> Principal.group(name).stream())
        .distinct()
        .toList();
  }

  private Known known(String userId) {
    Known last;
    long before;
    synchronized (this) {
      last = known.getOrDefault(userId, Known.NOTHING);
      before = changes;
    }
    if (last.current() || connection.getStatus() != Connection.Status.CONNECTED) {
      return last;
    }
    try {
      Known read =
          new Known(
              memberships.get(Source.SET, userId), memberships.get(Source.LEARNT, userId), true);
      remember(userId, read, before);
      return read;
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      LOG.warn("The groups of {} cannot be read, so that those known last count", userId, e);
      return last;
    }
  }

  private synchronized void remember(String userId, Known read, long before) {
    known.put(userId, told && changes == before ? read : read.old());
    int groups = groups(read, Instant.now()).size();
    if (groups > MOST - 2) {
      LOG.warn("{} has {} groups; documents are found by {} of them", userId, groups, MOST - 2);
    }
  }
}
