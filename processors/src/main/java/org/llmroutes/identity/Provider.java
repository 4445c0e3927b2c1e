package org.llmroutes.identity;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OpenID Connect provider: its description and its keys. They are fetched when they are first
 * needed, again ahead of their end and for a key that is not among them, but not more than twice in
 * {@link #PAUSE}. While the provider is away, what was fetched serves for a day.
 */
public final class Provider implements JWKSetSource<SecurityContext> {
  private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
  private static final int MAX_BYTES = 512 * 1024;
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final Duration AHEAD = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration OUTAGE = Duration.ofDays(1);

  private final Issuer issuer;
  private final JWKSource<SecurityContext> keys;
  private final int timeoutMillis;
  private final DefaultResourceRetriever retriever;
  private volatile OIDCProviderMetadata description;
  private volatile JWKSet known = new JWKSet();

  Provider(OidcSettings settings) {
    this.issuer = new Issuer(settings.issuer());
    this.timeoutMillis = settings.timeoutMillis();
    this.retriever = new DefaultResourceRetriever(timeoutMillis, timeoutMillis, MAX_BYTES);
    this.keys =
        JWKSourceBuilder.create(this)
            // whoever waits for another's fetch: description and keys, each of them tried twice
            .cache(LIFETIME.toMillis(), 4L * timeoutMillis)
            .refreshAheadCache(
                AHEAD.toMillis(),
                null,
                Executors.newCachedThreadPool(Provider::thread),
                true,
                null,
                false)
            .rateLimited(PAUSE.toMillis())
            .retrying(true)
            .outageTolerant(OUTAGE.toMillis())
            .build();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "oidc-keys");
    thread.setDaemon(true);
    return thread;
  }

  /** Of a provider that is asked by nobody else. */
  public static Provider of(Settings settings) {
    return new Provider(OidcSettings.of(settings));
  }

  /**
   * How many of its keys check the signatures that {@code auth.oidc.algorithms} takes, asked now.
   *
   * @throws JWKSetUnavailableException whose message says why its description or its keys cannot be
   *     had
   */
  public int usableKeys(Settings settings) throws KeySourceException {
    Set<KeyType> types =
        OidcSettings.of(settings).algorithms().stream()
            .map(KeyType::forAlgorithm)
            .collect(Collectors.toSet());
    JWKMatcher signing =
        new JWKMatcher.Builder().keyTypes(types).keyUses(KeyUse.SIGNATURE, null).build();
    JWKSet all = getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), 0, null);
    return new JWKSelector(signing).select(all).size();
  }

  /** The keys that the provider signs with. */
  JWKSource<SecurityContext> keys() {
    return keys;
  }

  /**
   * When the last of the keys ends that it had when it was last asked; empty where none says so.
   */
  public Optional<Instant> keysEnd() {
    return SigningKeys.end(known);
  }

  /** Whether it has been reached at all. */
  boolean isKnown() {
    return description != null;
  }

  /**
   * Where its endpoints are.
   *
   * @throws TurnException {@code unavailable} where it has not been reached yet
   */
  OIDCProviderMetadata description() {
    OIDCProviderMetadata last = description;
    try {
      return last != null ? last : describe();
    } catch (JWKSetUnavailableException e) {
      throw away(e);
    }
  }

  /** What whoever asks is told while the provider is away. */
  static TurnException away(Exception cause) {
    return new TurnException(
        ErrorCode.UNAVAILABLE, "The login provider does not answer; try again in a moment", cause);
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator evaluator, long currentTime, SecurityContext context)
      throws KeySourceException {
    OIDCProviderMetadata described = describe();
    try {
      JWKSet fetched =
          new URLBasedJWKSetSource<>(described.getJWKSetURI().toURL(), retriever)
              .getJWKSet(evaluator, currentTime, context);
      known = fetched;
      return fetched;
    } catch (IOException e) {
      throw new JWKSetUnavailableException("Its jwks_uri is no address", e);
    }
  }

  private synchronized OIDCProviderMetadata describe() throws JWKSetUnavailableException {
    try {
      description = OIDCProviderMetadata.resolve(issuer, timeoutMillis, timeoutMillis);
      return description;
    } catch (GeneralException | IOException e) {
      LOG.warn("The login provider {} is not to be had: {}", issuer, e.getMessage());
      throw new JWKSetUnavailableException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    // nothing is held open
  }
}
