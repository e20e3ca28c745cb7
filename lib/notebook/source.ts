import { readFileSync } from "node:fs";
import { join, normalize, relative } from "node:path";
import { WorkbenchError } from "../core/errors";
import { projectRoot } from "../records/paths";
import type { Bundle } from "./bundle";
import { markdown } from "./markdown";

/**
 * Shows a source file of the project as it is now.
 * @param path relative to the project: `lib/methods/train/iop-fl.ts` @throws WorkbenchError when it lies outside
 */
export function source(path: string): Bundle {
  if (normalize(path).startsWith(".."))
    throw new WorkbenchError(`${path} is not in the project`, "name a file below lib or configs");
  const text = readFileSync(join(projectRoot, path), "utf8").trim();
  return markdown(
    `[\`${path}\`](${relative(process.cwd(), join(projectRoot, path))})\n\n\`\`\`${path.endsWith(".yaml") ? "yaml" : "ts"}\n${text}\n\`\`\``,
  );
}
