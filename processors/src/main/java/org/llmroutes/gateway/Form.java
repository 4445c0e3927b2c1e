package org.llmroutes.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder.TooManyFormFieldsException;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llmroutes.errors.ErrorCode;

/**
 * Reads {@code multipart/form-data} that is in memory already, and writes none of it to a file.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a>
 */
final class Form {
  private static final int MOST_FIELDS = 128;

  private Form() {}

  /**
   * Fields by name: a text, an {@link Upload} for a file, or a list of these where several have one
   * name.
   *
   * @param contentType of the body, with its boundary
   * @throws HttpProblem 400 where it is no such form
   */
  static Map<String, Object> read(String contentType, ByteBuf body) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", body);
    request.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    HttpPostMultipartRequestDecoder decoder = null;
    try {
      decoder =
          new HttpPostMultipartRequestDecoder(
              new DefaultHttpDataFactory(false),
              request,
              StandardCharsets.UTF_8,
              MOST_FIELDS,
              // the body is bounded itself
              -1);
      Map<String, Object> fields = new LinkedHashMap<>();
      for (InterfaceHttpData data : decoder.getBodyHttpDatas()) {
        fields.merge(data.getName(), value(data), Form::both);
      }
      if (decoder.currentPartialHttpData() == null) {
        return fields;
      }
    } catch (TooManyFormFieldsException e) {
      throw noForm("it has more than " + MOST_FIELDS + " fields");
    } catch (RuntimeException | IOException e) {
      // Netty has many for what is no form, among them none of its own
      throw noForm("it cannot be read");
    } finally {
      if (decoder != null) {
        decoder.destroy();
      }
    }
    throw noForm("it ends in the middle of a field");
  }

  private static Object value(InterfaceHttpData data) throws IOException {
    if (data instanceof FileUpload file) {
      String type = file.getContentType();
      return new Upload(file.getFilename(), type == null ? "" : type, file.get());
    }
    return ((Attribute) data).getValue();
  }

  private static Object both(Object before, Object value) {
    List<Object> values = new ArrayList<>(before instanceof List<?> list ? list : List.of(before));
    values.add(value);
    return values;
  }

  private static HttpProblem noForm(String reason) {
    return HttpProblem.of(
        ErrorCode.INVALID_MESSAGE, "The body is no multipart/form-data: " + reason);
  }
}
