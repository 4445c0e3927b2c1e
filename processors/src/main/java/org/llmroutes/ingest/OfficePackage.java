package org.llmroutes.ingest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.poi.openxml4j.exceptions.InvalidFormatException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackageProperties;
import org.apache.poi.openxml4j.util.ZipFileZipEntrySource;
import org.llmroutes.retrieval.ModificationDate;

/** The zip file that a document of Office is, and what it says of itself. */
record OfficePackage(OPCPackage parts) {
  /** Of what Office wrote before 2007, and of what it encrypts. */
  private static final byte[] OLE2 = {
    (byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0, (byte) 0xa1, (byte) 0xb1, 0x1a, (byte) 0xe1
  };

  private static final String ENCRYPTED =
      new String(
          "EncryptedPackage".getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);

  /** Whoever closes the document that is made of the parts closes them. */
  static OfficePackage open(byte[] content) throws IOException, InvalidDocument {
    if (Arrays.equals(content, 0, Math.min(content.length, OLE2.length), OLE2, 0, OLE2.length)) {
      boolean encrypted = new String(content, StandardCharsets.ISO_8859_1).contains(ENCRYPTED);
      throw new InvalidDocument(
          encrypted
              ? "is protected by a password"
              : "is a file of an old Office under a new name; save it in the new format");
    }
    ZipFiles.check(content);
    try {
      return new OfficePackage(OPCPackage.open(new ZipFileZipEntrySource(ZipFiles.open(content))));
    } catch (InvalidFormatException e) {
      throw new InvalidDocument("is not a document of Office: " + e.getMessage(), e);
    }
  }

  /** The title that a person gave it, else the name. */
  String title(String name) throws IOException {
    return GivenTitle.or(properties().getTitleProperty().orElse(null), name);
  }

  Map<String, Object> metadata() throws IOException {
    return properties()
        .getModifiedProperty()
        .map(date -> Map.<String, Object>of(ModificationDate.FIELD, date.toInstant().toString()))
        .orElse(Map.of());
  }

  private PackageProperties properties() throws IOException {
    try {
      return parts.getPackageProperties();
    } catch (InvalidFormatException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
