package org.llmroutes.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultClassResolver;
import org.apache.camel.main.Main;
import org.apache.camel.spi.ClassResolver;

/**
 * Looks for resources once. Camel's own main asks four class loaders, which here are one, and of
 * what it looks for at a start most is nowhere: each time all jars are searched.
 */
final class RoutesMain extends Main {

  @Override
  protected CamelContext createCamelContext() {
    DefaultCamelContext context =
        new DefaultCamelContext(false) {
          @Override
          protected ClassResolver createClassResolver() {
            return new OneClassLoader();
          }
        };
    context.getCamelContextExtension().setRegistry(registry);
    return context;
  }

  private static final class OneClassLoader extends DefaultClassResolver {

    @Override
    public URL loadResourceAsURL(String uri) {
      String name = uri.startsWith("/") ? uri.substring(1) : uri;
      return RoutesMain.class.getClassLoader().getResource(name);
    }

    @Override
    public InputStream loadResourceAsStream(String uri) {
      URL found = loadResourceAsURL(uri);
      try {
        return found == null ? null : found.openStream();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
