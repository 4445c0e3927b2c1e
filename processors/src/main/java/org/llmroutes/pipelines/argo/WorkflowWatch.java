package org.llmroutes.pipelines.argo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Follows the bridge's Workflows with one shared informer for each namespace, from when it is first
 * asked for. An informer lists and watches again for ever, whatever ends its watch.
 */
final class WorkflowWatch
    implements AutoCloseable, ResourceEventHandler<GenericKubernetesResource> {
  private final Workflows workflows;
  private final Map<String, SharedIndexInformer<GenericKubernetesResource>> informers =
      new ConcurrentHashMap<>();
  private final Map<String, GenericKubernetesResource> deleted =
      Collections.synchronizedMap(new Recent());
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  WorkflowWatch(Workflows workflows) {
    this.workflows = workflows;
  }

  /** Begins to follow a namespace, unless it does already. */
  SharedIndexInformer<GenericKubernetesResource> follow(String namespace) {
    return informers.computeIfAbsent(namespace, this::start);
  }

  private SharedIndexInformer<GenericKubernetesResource> start(String namespace) {
    SharedIndexInformer<GenericKubernetesResource> informer = workflows.informer(namespace);
    // without a handler, a failed start or a watch that cannot be read is the end
    informer.exceptionHandler((started, failure) -> true);
    informer.addEventHandler(this);
    informer.start();
    return informer;
  }

  /**
   * The Workflow, as far as a watch that works tells; empty where the API server has to be asked.
   */
  Optional<GenericKubernetesResource> known(String namespace, String name) {
    SharedIndexInformer<GenericKubernetesResource> informer = follow(namespace);
    return informer.hasSynced() && informer.isWatching()
        ? Optional.ofNullable(informer.getStore().getByKey(Cache.namespaceKeyFunc(namespace, name)))
        : Optional.empty();
  }

  /** How a Workflow ended that was collected while it was watched; empty where it had not ended. */
  Optional<GenericKubernetesResource> deleted(String namespace, String name) {
    return Optional.ofNullable(deleted.get(Cache.namespaceKeyFunc(namespace, name)))
        .filter(workflow -> WorkflowState.of(workflow).phase().isFinal());
  }

  void onChange(Consumer<String> runName) {
    listeners.add(runName);
  }

  @Override
  public void onAdd(GenericKubernetesResource workflow) {
    changed(workflow);
  }

  @Override
  public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource workflow) {
    changed(workflow);
  }

  @Override
  public void onDelete(GenericKubernetesResource workflow, boolean stateUnknown) {
    deleted.put(Cache.metaNamespaceKeyFunc(workflow), workflow);
    changed(workflow);
  }

  private void changed(GenericKubernetesResource workflow) {
    listeners.forEach(listener -> listener.accept(workflow.getMetadata().getName()));
  }

  /** The last ones. */
  private static final class Recent extends LinkedHashMap<String, GenericKubernetesResource> {
    private static final long serialVersionUID = 1;
    private static final int MOST = 100;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, GenericKubernetesResource> eldest) {
      return size() > MOST;
    }
  }

  @Override
  public void close() {
    informers.values().forEach(SharedIndexInformer::stop);
  }
}
