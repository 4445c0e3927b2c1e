package org.llmroutes.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A form of fields and files, {@code multipart/form-data}. Names and types are the program's own.
 */
public final class MultipartForm {
  private final String boundary = UUID.randomUUID().toString();
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

  public MultipartForm field(String name, String value) {
    return part("name=\"" + name + "\"\r\n", value.getBytes(StandardCharsets.UTF_8));
  }

  public MultipartForm file(String name, String fileName, String contentType, byte[] content) {
    return part(
        "name=\"%s\"; filename=\"%s\"\r\nContent-Type: %s\r\n"
            .formatted(name, fileName, contentType),
        content);
  }

  private MultipartForm part(String head, byte[] content) {
    write("--" + boundary + "\r\nContent-Disposition: form-data; " + head + "\r\n");
    parts.writeBytes(content);
    write("\r\n");
    return this;
  }

  private void write(String text) {
    parts.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  byte[] bytes() {
    byte[] end = ("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream whole = new ByteArrayOutputStream(parts.size() + end.length);
    whole.writeBytes(parts.toByteArray());
    whole.writeBytes(end);
    return whole.toByteArray();
  }
}
