import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createScratchProject } from "../../docs/support/scratch-project";

/** A commit of the project in a folder of its own, whose code a test edits. */
export interface Checkout {
  /** Its command line. */
  readonly command: string;
  /** Changes a file, for good. @returns takes the change back @throws Error when nothing was changed */
  edit(path: string, change: (text: string) => string): () => void;
  /** Moves a module, and points to its new place whoever imports it. @returns takes it back */
  move(from: string, to: string): () => void;
  remove(): void;
}

export function createCheckout(): Checkout {
  const { root, remove } = createScratchProject();
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, stdio: "ignore" });
  git("init", "-q");
  git("add", "lib", "configs");
  git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-qm", "as it is");
  const edit = (path: string, change: (text: string) => string) => {
    const file = join(root, path);
    const before = readFileSync(file, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`nothing was changed in ${path}`);
    writeFileSync(file, after);
    return () => writeFileSync(file, before);
  };
  return {
    command: join(root, "lib", "cli", "iopfl.cjs"),
    edit,
    move(from, to) {
      const files = (readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" }) as string[])
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join("lib", file));
      const pointed = (file: string) => pointTo(readFileSync(join(root, file), "utf8"), dirname(file), { from, to });
      const importers = files.filter((file) => pointed(file) !== readFileSync(join(root, file), "utf8"));
      const undo = importers.map((file) => edit(file, () => pointed(file)));
      renameSync(join(root, from), join(root, to));
      return () => {
        renameSync(join(root, to), join(root, from));
        undo.forEach((each) => each());
      };
    },
    remove,
  };
}

/** A module's text with another place for one that it imports. @param folder where the module lies */
function pointTo(text: string, folder: string, { from, to }: { readonly from: string; readonly to: string }): string {
  return text.replace(/"(\.\.?\/[^"\n]+)"/g, (whole, name: string) => {
    if (`${join(folder, name)}.ts` !== from) return whole;
    const path = relative(folder, to.replace(/\.ts$/, ""));
    return `"${path.startsWith(".") ? path : `./${path}`}"`;
  });
}
