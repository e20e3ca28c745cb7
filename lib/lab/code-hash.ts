import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { sha256 } from "../core/hash";
import { projectRoot } from "./paths";

/** The rooms whose code can change a number. */
const federationRooms = ["core", "io", "engine", "data", "nets", "metrics", "federation", "methods/inside", "methods/contract.ts"];

/** @returns a hash of every source file that a job's numbers can depend on. */
export function codeHash(kind: "federation" | "adaptation"): string {
  const rooms = kind === "federation" ? federationRooms : [...federationRooms, "methods/outside"];
  const files = rooms.flatMap((room) => sourcesOf(join(projectRoot, "lib", room))).sort();
  return sha256(files.map((file) => `${relative(projectRoot, file)} ${sha256(readFileSync(file))}`).join("\n")).slice(0, 16);
}

function sourcesOf(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return sourcesOf(join(path, entry.name));
    return entry.name.endsWith(".ts") ? [join(path, entry.name)] : [];
  });
}
