import { join } from "node:path";
import { projectRoot } from "./project-root";

/** What Node.js is started with, so that it runs the TypeScript of a checkout: see lib/cli/register.cjs. */
export const loadTypescriptOf = (root: string): readonly string[] => ["-r", join(root, "lib", "cli", "register.cjs")];

/** The same for this project. */
export const loadTypescript = loadTypescriptOf(projectRoot);
