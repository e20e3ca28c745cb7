import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
      const [name, other] = [from, to].map((path) => path.replace(/^lib\//, "").replace(/\.ts$/, ""));
      const importers = (readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" }) as string[])
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join("lib", file))
        .filter((file) => readFileSync(join(root, file), "utf8").includes(`${name}"`));
      renameSync(join(root, from), join(root, to));
      const undo = importers.map((file) => edit(file, (text) => text.replaceAll(`${name}"`, `${other}"`)));
      return () => {
        undo.forEach((each) => each());
        renameSync(join(root, to), join(root, from));
      };
    },
    remove,
  };
}
