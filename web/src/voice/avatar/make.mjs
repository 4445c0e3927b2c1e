// Writes the avatar that comes with the pages: a VRM 1.0 file of rounded shapes with vertex colours, 17 bones,
// the five mouth shapes and blinking as morph targets. https://github.com/vrm-c/vrm-specification, VRMC_vrm-1.0.

/** glTF has vertex colours linear. */
const colour = (hex) => [16, 8, 0].map((shift) => (((hex >> shift) & 255) / 255) ** 2.2);

const SKIN = colour(0xffd9c2);
const BLUSH = colour(0xff9f96);
const HAIR = colour(0x2c3166);
const CLOTH = colour(0x3d5afe);
const COLLAR = colour(0xf2f4ff);
const TROUSERS = colour(0x23273d);
const DARK = colour(0x1c2044);
const IRIS = colour(0x5f7dff);
const MOUTH = colour(0xa13a45);
const WHITE = [1, 1, 1];

const HEAD = { x: 0.105, y: 0.125, z: 0.112 };

/** A net about the vertical axis: the points of each row and each direction, in radians, and the triangles between them. */
function net(columns, rows, point) {
  const points = [];
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) {
      points.push(point(row, (column / columns) * 2 * Math.PI));
    }
  }
  const triangles = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const a = row * (columns + 1) + column;
      const b = a + columns + 1;
      triangles.push(a, b, a + 1, a + 1, b, b + 1);
    }
  }
  return { points, triangles };
}

/** A point of the sphere of radius 1, by angles from its top and from its front. */
const onSphere = (down, round) => [Math.sin(down) * Math.sin(round), Math.cos(down), Math.sin(down) * Math.cos(round)];

/** A sphere, each point moved and coloured. */
function ball(columns, rows, place, colour) {
  return net(columns, rows, (row, round) => {
    const at = onSphere((row / rows) * Math.PI, round);
    return { position: place(at), colour: typeof colour === "function" ? colour(at) : colour };
  });
}

const ellipsoid = ([cx, cy, cz], [rx, ry, rz], colour, columns = 24, rows = 16) =>
  ball(columns, rows, ([x, y, z]) => [cx + x * rx, cy + y * ry, cz + z * rz], colour);

/** From one end to the other along an axis, with a radius at each end. */
function limb(from, to, thick, thin, colour) {
  const along = to.map((end, axis) => end - from[axis]);
  const length = Math.hypot(...along);
  const ahead = along.map((part) => part / length);
  const side = Math.abs(ahead[1]) > 0.9 ? [1, 0, 0] : [0, 1, 0];
  const across = cross(ahead, side);
  const up = cross(across, ahead);
  return ball(
    16,
    12,
    ([x, y, z]) => {
      const share = (1 - y) / 2;
      const radius = thick + (thin - thick) * share;
      return [0, 1, 2].map((axis) => from[axis] + ahead[axis] * (length * share - y * radius) + across[axis] * x * radius + up[axis] * z * radius);
    },
    colour,
  );
}

function cross([a, b, c], [x, y, z]) {
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}

function join(...shapes) {
  const joined = { points: [], triangles: [] };
  for (const { points, triangles } of shapes) {
    joined.triangles.push(...triangles.map((index) => index + joined.points.length));
    joined.points.push(...points);
  }
  return joined;
}

const boxy = (part) => Math.sign(part) * Math.abs(part) ** 0.72;
const narrow = (y) => (y < 0 ? 1 - 0.3 * (-y) ** 1.7 : 1);

function face() {
  return ball(
    40,
    32,
    ([x, y, z]) => {
      const nose = Math.exp(-((x * 7) ** 2 + ((y + 0.12) * 7) ** 2)) * (z > 0 ? 0.012 : 0);
      return [x * HEAD.x * narrow(y), 0.1 + y * HEAD.y, z * HEAD.z * (y < 0 ? 1 - 0.12 * y * y : 1) + nose];
    },
    ([x, y, z]) => {
      const cheek = z > 0 ? Math.exp(-(((Math.abs(x) - 0.52) * 6) ** 2 + ((y + 0.28) * 7) ** 2)) * 0.55 : 0;
      return SKIN.map((part, index) => part + (BLUSH[index] - part) * cheek);
    },
  );
}

const HAIR_ROWS = 30;
const RIM_ROWS = 5;

/** A bob: a shell over the head, open at the face, whose rim rolls inwards; its last row but those of the rim lies on the hairline. */
function hair() {
  return net(120, HAIR_ROWS + RIM_ROWS, (row, round) => {
    const end = hairline(round);
    const rim = (Math.max(0, row - HAIR_ROWS) / RIM_ROWS) * (Math.PI / 2);
    const down = Math.min(1, row / HAIR_ROWS) * end + 0.04 * Math.sin(rim);
    const [x, y, z] = onSphere(down, round);
    const over = 0.86 + 0.24 * Math.cos(rim);
    const ring = Math.exp(-(((y - 0.66 - 0.02 * Math.sin(round * 17)) * 11) ** 2)) * Math.max(0, Math.cos(round));
    return {
      position: [x * HEAD.x * over * 1.03, 0.108 + y * HEAD.y * over * (y < 0 ? 1.12 : 1.02), z * HEAD.z * over - 0.006],
      colour: HAIR.map((part) => part * (0.85 + 0.45 * Math.max(0, y) + 0.9 * ring)),
    };
  });
}

/** How far down from the top it reaches in a direction: to the forehead in front, to the neck at the back. */
function hairline(round) {
  let [above, below] = [0, Math.PI];
  while (below - above > 1e-5) {
    const down = (above + below) / 2;
    const [x, y, z] = onSphere(down, round);
    const front = Math.max(0, z);
    const line = -0.85 + 1.36 * front ** 0.7 + 0.07 * Math.sin(x * 7 + 0.6) * front;
    [above, below] = y > line ? [down, below] : [above, down];
  }
  return above;
}

const EYE_TURN = 0.3;

function eye() {
  return join(
    ellipsoid([0, 0, 0], [0.021, 0.026, 0.012], WHITE),
    ellipsoid([0, 0, 0.0065], [0.0145, 0.0195, 0.0075], DARK),
    ellipsoid([0, -0.005, 0.0092], [0.009, 0.0115, 0.0056], IRIS),
    ellipsoid([0.0048, 0.0085, 0.0132], [0.0044, 0.0052, 0.002], WHITE, 12, 8),
  );
}

/** A shape turned about the vertical axis, so that an eye follows the roundness of the face. */
function turned({ points, triangles }, angle) {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return { points: points.map(({ position: [x, y, z], colour }) => ({ position: [x * cos + z * sin, y, z * cos - x * sin], colour })), triangles };
}

const MOUTH_WIDTH = 0.021;
/** How much higher the mouth is towards its corners: it smiles. */
const smile = (x) => 0.0065 * (x / MOUTH_WIDTH) ** 2;
const mouth = () => ball(24, 16, ([x, y, z]) => [x * MOUTH_WIDTH, y * 0.0036 + smile(x * MOUTH_WIDTH), z * 0.007 - 0.004 * x * x], MOUTH);
/** A mouth that is open smiles less. */
const opened = (sx, sy, dy) => ([x, y, z]) => [x * sx, (y - smile(x)) * sy + smile(x) * 0.4 + dy, z];
const stretched = (sx, sy, dy = 0) => ([x, y, z]) => [x * sx, y * sy + dy, z];
const MOUTHS = {
  aa: opened(1, 4.4, -0.004),
  ih: opened(1.1, 2.4, 0),
  ou: opened(0.5, 3, -0.001),
  ee: opened(1.3, 2, 0.001),
  oh: opened(0.7, 4.2, -0.003),
};

const brow = (side) => limb([side * 0.022, 0.1445, 0.1085], [side * 0.055, 0.1435, 0.0965], 0.0042, 0.0028, HAIR);

function chest() {
  const shoulders = ball(40, 28, ([x, y, z]) => [boxy(x) * 0.142, 0.035 + boxy(y) * 0.135 - 0.03 * x * x * Math.max(0, y), z * 0.09], CLOTH);
  const collar = ball(32, 12, ([x, y, z]) => [x * 0.056, 0.158 + y * 0.018, z * 0.054 + 0.002], COLLAR);
  return join(shoulders, collar);
}

// name, parent, place beside the parent, shape
const BONES = [
  ["hips", null, [0, 0.92, 0], join(ellipsoid([0, 0, 0], [0.125, 0.09, 0.09], TROUSERS))],
  ["spine", "hips", [0, 0.1, 0], ellipsoid([0, 0.06, 0], [0.112, 0.17, 0.085], CLOTH)],
  ["chest", "spine", [0, 0.14, 0], chest()],
  ["neck", "chest", [0, 0.165, 0], limb([0, -0.03, 0], [0, 0.07, 0.006], 0.042, 0.036, SKIN)],
  ["head", "neck", [0, 0.075, 0], join(face(), hair(), brow(-1), brow(1))],
  ["leftEye", "head", [0.0395, 0.103, 0.0965], turned(eye(), EYE_TURN), { blink: stretched(1, 0.09, -0.004) }],
  ["rightEye", "head", [-0.0395, 0.103, 0.0965], turned(eye(), -EYE_TURN), { blink: stretched(1, 0.09, -0.004) }],
  ...[1, -1].flatMap((side) => {
    const name = (part) => (side > 0 ? "left" : "right") + part;
    return [
      [name("UpperArm"), "chest", [side * 0.108, 0.094, 0], limb([0, 0, 0], [side * 0.24, 0, 0], 0.05, 0.037, CLOTH)],
      [name("LowerArm"), name("UpperArm"), [side * 0.24, 0, 0], limb([0, 0, 0], [side * 0.21, 0, 0], 0.037, 0.03, CLOTH)],
      [name("Hand"), name("LowerArm"), [side * 0.23, 0, 0], ellipsoid([side * 0.04, 0, 0], [0.058, 0.024, 0.036], SKIN)],
      [name("UpperLeg"), "hips", [side * 0.07, -0.03, 0], limb([0, 0, 0], [0, -0.4, 0], 0.072, 0.056, TROUSERS)],
      [name("LowerLeg"), name("UpperLeg"), [0, -0.42, 0], limb([0, 0, 0], [0, -0.38, 0], 0.055, 0.042, TROUSERS)],
      [name("Foot"), name("LowerLeg"), [0, -0.41, 0], ellipsoid([0, -0.02, 0.04], [0.045, 0.035, 0.095], DARK)],
    ];
  }),
];

/** The file's bytes. */
export function avatar() {
  const parts = [];
  const bufferViews = [];
  const accessors = [];
  let offset = 0;
  const store = (array, accessor) => {
    const bytes = Buffer.from(array.buffer);
    bufferViews.push({ buffer: 0, byteOffset: offset, byteLength: bytes.length });
    parts.push(bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4));
    offset += bytes.length + ((4 - (bytes.length % 4)) % 4);
    accessors.push({ bufferView: bufferViews.length - 1, ...accessor });
    return accessors.length - 1;
  };
  const vectors = (list) =>
    store(new Float32Array(list.flat()), {
      componentType: 5126,
      count: list.length,
      type: "VEC3",
      min: [0, 1, 2].map((axis) => Math.min(...list.map((vector) => vector[axis]))),
      max: [0, 1, 2].map((axis) => Math.max(...list.map((vector) => vector[axis]))),
    });

  const nodes = [];
  const meshes = [];
  const bones = {};
  const binds = {};
  const add = (name, parent, translation, shape, morphs = {}) => {
    const positions = shape.points.map((point) => point.position);
    const names = Object.keys(morphs);
    meshes.push({
      name,
      extras: { targetNames: names },
      primitives: [
        {
          attributes: { POSITION: vectors(positions), NORMAL: vectors(normals(positions, shape.triangles)), COLOR_0: vectors(shape.points.map((point) => point.colour)) },
          indices: store(new Uint16Array(shape.triangles), { componentType: 5123, count: shape.triangles.length, type: "SCALAR" }),
          material: 0,
          ...(names.length && {
            targets: names.map((morph) => ({ POSITION: vectors(positions.map((at) => morphs[morph](at).map((to, axis) => to - at[axis]))) })),
          }),
        },
      ],
    });
    nodes.push({ name, translation, mesh: meshes.length - 1, children: [] });
    const node = nodes.length - 1;
    if (parent !== null) {
      nodes[parent].children.push(node);
    }
    names.forEach((morph, index) => (binds[morph] ??= []).push({ node, index, weight: 1 }));
    return node;
  };
  for (const [name, parent, place, shape, morphs] of BONES) {
    bones[name] = add(name, parent === null ? null : bones[parent], place, shape, morphs);
  }
  add("mouth", bones.head, [0, 0.038, 0.1], mouth(), MOUTHS);
  nodes.forEach((node) => node.children.length || delete node.children);

  const degrees = { inputMaxValue: 90, outputScale: 8 };
  const gltf = {
    asset: { version: "2.0", generator: "llm-routes" },
    scene: 0,
    scenes: [{ nodes: [bones.hips] }],
    nodes,
    meshes,
    materials: [{ name: "soft", pbrMetallicRoughness: { metallicFactor: 0, roughnessFactor: 0.75 } }],
    accessors,
    bufferViews,
    buffers: [{ byteLength: offset }],
    extensionsUsed: ["VRMC_vrm"],
    extensions: {
      VRMC_vrm: {
        specVersion: "1.0",
        meta: {
          name: "Lumi",
          version: "1",
          authors: ["llm-routes"],
          licenseUrl: "https://vrm.dev/licenses/1.0/",
          avatarPermission: "everyone",
          commercialUsage: "corporation",
          creditNotation: "unnecessary",
          modification: "allowModificationRedistribution",
          allowRedistribution: true,
        },
        humanoid: { humanBones: Object.fromEntries(Object.entries(bones).map(([name, node]) => [name, { node }])) },
        expressions: {
          preset: Object.fromEntries(Object.entries(binds).map(([name, morphTargetBinds]) => [name, { morphTargetBinds, isBinary: false }])),
        },
        lookAt: {
          type: "bone",
          offsetFromHeadBone: [0, 0.103, 0.09],
          rangeMapHorizontalInner: degrees,
          rangeMapHorizontalOuter: degrees,
          rangeMapVerticalDown: degrees,
          rangeMapVerticalUp: degrees,
        },
      },
    },
  };
  return glb(gltf, Buffer.concat(parts));
}

function normals(positions, triangles) {
  const sums = positions.map(() => [0, 0, 0]);
  const at = new Map();
  const key = (point) => point.map((part) => Math.round(part * 1e5) + 0).join();
  positions.forEach((point, index) => at.set(key(point), [...(at.get(key(point)) ?? []), index]));
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = triangles.slice(i, i + 3).map((index) => positions[index]);
    const normal = cross(
      b.map((part, axis) => part - a[axis]),
      c.map((part, axis) => part - a[axis]),
    );
    for (const index of triangles.slice(i, i + 3)) {
      for (const same of at.get(key(positions[index]))) {
        sums[same] = sums[same].map((part, axis) => part + normal[axis]);
      }
    }
  }
  return sums.map((sum) => {
    const length = Math.hypot(...sum) || 1;
    return sum.map((part) => part / length);
  });
}

function glb(gltf, binary) {
  const text = Buffer.from(JSON.stringify(gltf));
  const json = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, 0x20)]);
  const chunk = (type, data) => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(data.length, 0);
    head.write(type, 4, "latin1");
    return Buffer.concat([head, data]);
  };
  const body = Buffer.concat([chunk("JSON", json), chunk("BIN\0", binary)]);
  const head = Buffer.alloc(12);
  head.write("glTF", 0, "latin1");
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(body.length + 12, 8);
  return Buffer.concat([head, body]);
}
