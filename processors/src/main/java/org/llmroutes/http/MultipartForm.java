package org.llmroutes.http;

import java.io.ByteArrayInputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;

/**
 * A form of fields and files, {@code multipart/form-data}. Names and types are the program's own;
 * files are sent as they are given, without a copy.
 */
public final class MultipartForm {
  private final String boundary = UUID.randomUUID().toString();
  private final List<byte[]> parts = new ArrayList<>();

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
    parts.add(content);
    write("\r\n");
    return this;
  }

  private void write(String text) {
    parts.add(text.getBytes(StandardCharsets.UTF_8));
  }

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  /** All parts and the end; of a known length, since some servers take no other. */
  HttpEntity body() {
    List<byte[]> whole = new ArrayList<>(parts);
    whole.add(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return new InputStreamEntity(
        new SequenceInputStream(
            Collections.enumeration(whole.stream().map(ByteArrayInputStream::new).toList())),
        whole.stream().mapToLong(part -> part.length).sum(),
        null);
  }
}
