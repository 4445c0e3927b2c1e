package org.llmroutes.msgpack;

import java.io.InputStream;
import java.io.OutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatName;
import org.apache.camel.spi.annotations.Dataformat;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The Camel data format {@code msgpack}: {@code unmarshal} gives plain Java values, {@code marshal}
 * gives bytes.
 */
@Dataformat("msgpack")
public final class MsgpackDataFormat extends ServiceSupport implements DataFormat, DataFormatName {
  private final MsgpackCodec codec = new MsgpackCodec();

  @Override
  public String getDataFormatName() {
    return "msgpack";
  }

  @Override
  public void marshal(Exchange exchange, Object graph, OutputStream stream) throws Exception {
    stream.write(codec.encode(graph));
  }

  @Override
  public Object unmarshal(Exchange exchange, InputStream stream) throws Exception {
    return codec.decode(stream.readNBytes(MsgpackLimits.DEFAULT.bytes() + 1));
  }

  @Override
  public Object unmarshal(Exchange exchange, Object body) throws Exception {
    return body instanceof byte[] bytes
        ? codec.decode(bytes)
        : DataFormat.super.unmarshal(exchange, body);
  }
}
