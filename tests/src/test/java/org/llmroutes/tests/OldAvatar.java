package org.llmroutes.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Makes a VRM 0.x file of one of VRM 1.0 that has no skins: the same shapes, turned around, since
 * avatars of 0.x look along -z, with other names for what they can do.
 *
 * @see <a href="https://github.com/vrm-c/vrm-specification/tree/master/specification/0.0">VRM
 *     0.0</a>
 */
final class OldAvatar {
  /** What it calls the shapes of the mouth and the blink. */
  static final Map<String, String> PRESETS =
      Map.of("aa", "a", "ih", "i", "ou", "u", "ee", "e", "oh", "o", "blink", "blink");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int GLTF = 0x46546C67;
  private static final int JSON_CHUNK = 0x4E4F534A;
  private static final int BINARY_CHUNK = 0x004E4942;

  private OldAvatar() {}

  /**
   * @param presets the presets of 0.x by the names that 1.0 has; what has the preset {@code
   *     unknown} gets its name from that entry's key
   */
  static byte[] of(byte[] vrm, Map<String, String> presets) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(vrm).order(ByteOrder.LITTLE_ENDIAN);
    int length = file.getInt(HEADER_BYTES);
    int begin = HEADER_BYTES + CHUNK_HEADER_BYTES;
    ObjectNode gltf = (ObjectNode) JSON.readTree(Arrays.copyOfRange(vrm, begin, begin + length));
    byte[] binary = Arrays.copyOfRange(vrm, begin + length + CHUNK_HEADER_BYTES, vrm.length);
    turnAround(gltf, ByteBuffer.wrap(binary).order(ByteOrder.LITTLE_ENDIAN));
    JsonNode avatar = gltf.path("extensions").path("VRMC_vrm");
    ObjectNode old = gltf.putObject("extensions").putObject("VRM");
    gltf.putArray("extensionsUsed").add("VRM");
    old.put("specVersion", "0.0").put("exporterVersion", "llm-routes");
    old.putObject("meta").put("title", "Lumi").put("author", "llm-routes");
    ArrayNode bones = old.putObject("humanoid").putArray("humanBones");
    for (Map.Entry<String, JsonNode> bone :
        avatar.path("humanoid").path("humanBones").properties()) {
      bones.addObject().put("bone", bone.getKey()).set("node", bone.getValue().get("node"));
    }
    ArrayNode groups = old.putObject("blendShapeMaster").putArray("blendShapeGroups");
    presets.forEach(
        (name, preset) ->
            group(
                groups.addObject(),
                gltf,
                avatar.path("expressions").path("preset").path(name),
                preset));
    old.putObject("firstPerson").put("lookAtTypeName", "Bone");
    old.putObject("secondaryAnimation").putArray("boneGroups");
    old.putArray("materialProperties");
    return glb(JSON.writeValueAsBytes(gltf), binary);
  }

  private static void group(ObjectNode group, JsonNode gltf, JsonNode expression, String preset) {
    String[] named = preset.split("=");
    group.put("name", named[named.length - 1]).put("presetName", named[0]);
    ArrayNode binds = group.putArray("binds");
    for (JsonNode bind : expression.path("morphTargetBinds")) {
      binds
          .addObject()
          .put("mesh", gltf.path("nodes").path(bind.path("node").asInt()).path("mesh").asInt())
          .put("index", bind.path("index").asInt())
          .put("weight", 100);
    }
  }

  private static void turnAround(ObjectNode gltf, ByteBuffer binary) {
    for (JsonNode node : gltf.path("nodes")) {
      if (node.get("translation") instanceof ArrayNode place) {
        place.set(0, JSON.getNodeFactory().numberNode(-place.get(0).asDouble()));
        place.set(2, JSON.getNodeFactory().numberNode(-place.get(2).asDouble()));
      }
    }
    Set<Integer> vectors = new HashSet<>();
    for (JsonNode mesh : gltf.path("meshes")) {
      JsonNode shape = mesh.path("primitives").path(0);
      vectors.add(shape.path("attributes").path("POSITION").asInt());
      vectors.add(shape.path("attributes").path("NORMAL").asInt());
      shape.path("targets").forEach(target -> vectors.add(target.path("POSITION").asInt()));
    }
    for (int vector : vectors) {
      JsonNode accessor = gltf.path("accessors").path(vector);
      int at =
          gltf.path("bufferViews")
              .path(accessor.path("bufferView").asInt())
              .path("byteOffset")
              .asInt();
      for (int i = 0; i < accessor.path("count").asInt(); i++, at += 3 * Float.BYTES) {
        binary.putFloat(at, -binary.getFloat(at));
        binary.putFloat(at + 2 * Float.BYTES, -binary.getFloat(at + 2 * Float.BYTES));
      }
      turnBounds((ObjectNode) accessor);
    }
  }

  private static void turnBounds(ObjectNode accessor) {
    ArrayNode least = (ArrayNode) accessor.get("min");
    ArrayNode most = (ArrayNode) accessor.get("max");
    for (int axis = 0; axis < 3; axis += 2) {
      double low = least.get(axis).asDouble();
      least.set(axis, JSON.getNodeFactory().numberNode(-most.get(axis).asDouble()));
      most.set(axis, JSON.getNodeFactory().numberNode(-low));
    }
  }

  private static byte[] glb(byte[] gltf, byte[] binary) {
    String json = new String(gltf, StandardCharsets.UTF_8);
    byte[] padded = (json + " ".repeat((4 - gltf.length % 4) % 4)).getBytes(StandardCharsets.UTF_8);
    int length = HEADER_BYTES + 2 * CHUNK_HEADER_BYTES + padded.length + binary.length;
    return ByteBuffer.allocate(length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(GLTF)
        .putInt(2)
        .putInt(length)
        .putInt(padded.length)
        .putInt(JSON_CHUNK)
        .put(padded)
        .putInt(binary.length)
        .putInt(BINARY_CHUNK)
        .put(binary)
        .array();
  }
}
