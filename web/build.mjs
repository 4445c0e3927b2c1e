// Bundles the pages into dist/: hashed names, each also gzipped, and the licences of what is inside.
import { build } from "esbuild";
import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { avatar } from "./src/voice/avatar/make.mjs";

const dist = process.argv[2] ?? "dist";
await rm(dist, { recursive: true, force: true });
const result = await build({
  entryPoints: { main: "src/main.tsx" },
  outdir: join(dist, "assets"),
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  legalComments: "none",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
});

const made = Object.keys(result.metafile.outputs).map((path) => path.slice(dist.length + 1));
const named = (ending) => made.find((path) => /\/main-\w+/.test(path) && path.endsWith(ending));
const page = (await readFile("src/index.html", "utf8")).replace("main.css", named(".css")).replace("main.js", named(".js"));
await writeFile(join(dist, "index.html"), page);
await cp("public", dist, { recursive: true });
await writeFile(join(dist, "avatar.vrm"), avatar());
for (const [file, from] of [
  ["silero_vad_v5.onnx", "@ricky0123/vad-web"],
  ["vad.worklet.bundle.min.js", "@ricky0123/vad-web"],
  ["ort-wasm-simd-threaded.mjs", "onnxruntime-web"],
  ["ort-wasm-simd-threaded.wasm", "onnxruntime-web"],
]) {
  await cp(join("node_modules", from, "dist", file), join(dist, "vad", file));
}

await writeFile(join(dist, "licences.txt"), await licences(result.metafile));
await compress(dist);

async function licences(metafile) {
  const packages = new Set(
    Object.keys(metafile.inputs)
      .map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1])
      .filter(Boolean),
  );
  let text = "";
  for (const name of [...packages].sort()) {
    const folder = join("node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    text += `${name} ${version}: ${license}\n\n${file ? await readFile(join(folder, file), "utf8") : ""}\n\n`;
  }
  return text;
}

async function compress(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      await compress(path);
    } else if (/\.(js|mjs|css|html|svg|txt|wasm|vrm|onnx)$/.test(entry.name)) {
      await writeFile(`${path}.gz`, gzipSync(await readFile(path), { level: 9 }));
    }
  }
}
