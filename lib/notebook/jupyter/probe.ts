import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { requirements, venvExists, venvProgram } from "./paths";

export interface JupyterState {
  readonly installed: boolean;
  /** One line: the versions, or what is missing. */
  readonly text: string;
}

const versionsProgram = `
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
`;

/** Asks the virtual environment's Python which of the pinned packages it has. */
export function probeJupyter(): JupyterState {
  if (!venvExists()) return { installed: false, text: "no virtual environment" };
  const wanted = pinnedPackages();
  const { status, stdout } = spawnSync(venvProgram("python"), ["-c", versionsProgram, ...Object.keys(wanted)], {
    encoding: "utf8",
  });
  if (status !== 0) return { installed: false, text: "the virtual environment's Python does not start" };
  const found = JSON.parse(stdout) as Record<string, string>;
  const wrong = Object.keys(wanted).filter((name) => found[name] !== wanted[name]);
  if (wrong.length > 0)
    return {
      installed: false,
      text: wrong.map((name) => `${name} ${found[name] ?? "absent"}, not ${wanted[name]}`).join("; "),
    };
  return { installed: true, text: `JupyterLab ${found.jupyterlab}, nbconvert ${found.nbconvert}` };
}

function pinnedPackages(): Record<string, string> {
  const lines = readFileSync(requirements, "utf8")
    .split("\n")
    .filter((line) => line.includes("=="));
  return Object.fromEntries(lines.map((line) => line.trim().split("==")));
}
