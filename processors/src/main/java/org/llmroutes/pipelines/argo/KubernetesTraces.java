package org.llmroutes.pipelines.argo;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import org.llmroutes.telemetry.Tracing;

/**
 * Tells Kubernetes which trace a call is of.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/cluster-administration/system-traces/">Traces
 *     of Kubernetes</a>
 */
final class KubernetesTraces implements Interceptor {
  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    // with no span of its own, since watches go through here too and do not end
    Tracing.current().inject(builder::setHeader);
  }
}
