/**
 * A bundle in parts has one file for what each start reads. The bundler makes a file of its own for each set of parts that
 * share some source; those that are loaded at the start in any case are put into the entry here, and the parts, which come
 * later, take from the entry what they share with it.
 */
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { basename } from "node:path";
import { BANNER } from "./plugins.ts";

type Files = ReadonlyMap<string, Uint8Array>;

/** The entry and what it imports, and what that imports; not what is loaded when it is needed. */
export function startOf(entry: string, metafile: Metafile): ReadonlySet<string> {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const atStart = new Set([entry]);
  // A set is gone through with what is added meanwhile.
  for (const file of atStart) {
    for (const { path, kind } of outputs.get(file)?.imports ?? []) {
      if (kind === "import-statement" && outputs.has(basename(path))) atStart.add(basename(path));
    }
  }
  return atStart;
}

/** The same bundle with one file for the start. `files` were made without a banner; names of parts stay. */
export async function withOneStart(entry: string, files: Files, metafile: Metafile, options: BuildOptions): Promise<Files> {
  const atStart = startOf(entry, metafile);
  const shared = [...atStart].filter((file) => file !== entry);
  const names = new Map(shared.map((file) => [file, exportsOf(file, metafile)]));
  const taken = [...names.values()].flatMap((each) => [...each.values()]);
  if (new Set(taken).size < taken.length) throw new Error("two shared chunks have hashes that begin alike: change any byte of a source");
  const again = async (contents: string, plugin: Plugin): Promise<Uint8Array> => {
    const { outputFiles } = await build({
      ...options,
      stdin: { contents, resolveDir: "." },
      bundle: true,
      write: false,
      plugins: [plugin],
    });
    const text = outputFiles?.[0]?.text ?? "";
    return Buffer.from(/\brequire\b/.test(text) ? `${BANNER}\n${text}` : text);
  };
  const whole = [
    `export * from "./${entry}";`,
    ...[...names].map(
      ([file, each]) => `export { ${[...each].map(([name, alias]) => `${name} as ${alias}`).join(", ")} } from "./${file}";`,
    ),
  ];
  const fromEntry = new Map(
    [...names].map(([file, each]) => [
      file,
      `export { ${[...each].map(([name, alias]) => `${alias} as ${name}`).join(", ")} } from "./${entry}";`,
    ]),
  );
  const inside = new Map([...atStart].map((file) => [file, textOf(files, file)]));
  const made = await Promise.all(
    [...files.keys()]
      .filter((file) => !shared.includes(file))
      .map(async (file): Promise<[string, Uint8Array]> => {
        if (file === entry) return [file, await again(whole.join("\n"), replaced(inside))];
        return [file, await again(textOf(files, file), replaced(fromEntry))];
      }),
  );
  return new Map(made);
}

const textOf = (files: Files, file: string): string => Buffer.from(files.get(file) ?? new Uint8Array()).toString("utf8");

/**
 * What a shared chunk exports, and as what the entry does: with the beginning of the chunk's hash, so that two makes of a
 * part with the same name are the same.
 */
function exportsOf(file: string, metafile: Metafile): ReadonlyMap<string, string> {
  const [, output] = Object.entries(metafile.outputs).find(([path]) => basename(path) === file) ?? [];
  const hash = /([A-Z0-9]{4})[A-Z0-9]*\.mjs$/.exec(file)?.[1] ?? "";
  return new Map((output?.exports ?? []).map((name) => [name, `$${hash}${name}`]));
}

/** These files are taken as they stand here; the others are loaded by their names. */
const replaced = (files: ReadonlyMap<string, string>): Plugin => ({
  name: "replaced",
  setup(builder) {
    builder.onResolve({ filter: /^\.\// }, ({ path }) =>
      files.has(path.slice(2)) ? { path: path.slice(2), namespace: "built" } : { path, external: true },
    );
    builder.onLoad({ filter: /.*/, namespace: "built" }, ({ path }) => ({ contents: files.get(path) ?? "", loader: "js" }));
  },
});
