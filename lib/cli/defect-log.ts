import { appendFileSync, mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { workFolder } from "../records/paths";

/** Keeps the stack of a defect for whoever mends it. @returns where, as an end of the message; nothing where it cannot be kept */
export function logDefect(error: Error): string {
  const path = join(workFolder, "faults.log");
  try {
    mkdirSync(workFolder, { recursive: true });
    appendFileSync(path, `${new Date().toISOString()} ${process.argv.slice(2).join(" ")}\n${error.stack}\n\n`);
    return ` and what is in ${relative(process.cwd(), path)}`;
  } catch {
    return "";
  }
}
