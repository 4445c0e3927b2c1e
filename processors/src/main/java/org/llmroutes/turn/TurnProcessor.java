package org.llmroutes.turn;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Processor;

/** A processor that finds the clients it shares with others by type in the registry. */
public abstract class TurnProcessor implements Processor, CamelContextAware {
  private final Map<Class<?>, Object> found = new ConcurrentHashMap<>();
  private CamelContext context;

  /** The one bean of that type that the runtime bound. */
  protected <T> T service(Class<T> type) {
    return type.cast(found.computeIfAbsent(type, this::find));
  }

  private Object find(Class<?> type) {
    // by name, since a set would ask each for its hash, which a record makes at its first call
    Collection<?> beans = context.getRegistry().findByTypeWithName(type).values();
    if (beans.size() != 1) {
      throw new IllegalStateException("No " + type.getSimpleName() + " is bound in the registry");
    }
    return beans.iterator().next();
  }

  @Override
  public void setCamelContext(CamelContext camelContext) {
    context = camelContext;
  }

  @Override
  public CamelContext getCamelContext() {
    return context;
  }
}
