import { join } from "node:path";
import { projectRoot } from "./project-root";

/** What Node.js is started with, so that it runs this project's TypeScript: see lib/cli/register.cjs. */
export const loadTypescript: readonly string[] = ["-r", join(projectRoot, "lib", "cli", "register.cjs")];
