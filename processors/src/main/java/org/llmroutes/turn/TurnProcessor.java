package org.llmroutes.turn;

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
    Object bean = context.getRegistry().findSingleByType(type);
    if (bean == null) {
      throw new IllegalStateException("No " + type.getSimpleName() + " is bound in the registry");
    }
    return bean;
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
