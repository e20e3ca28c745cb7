import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/hash";
import { projectRoot } from "./paths";

/** The rooms whose code can change a number. */
const federationRooms = ["core", "io", "engine", "data", "nets", "metrics", "federation", "methods/inside", "methods/contract.ts"].map((room) => `lib/${room}`);

/** @returns a hash of every source file that a job's numbers can depend on. */
export function codeHash(kind: "federation" | "adaptation"): string {
  return sourcesHash(kind === "federation" ? federationRooms : [...federationRooms, "lib/methods/outside"]);
}

/** @returns a hash of the source and configuration files below some folders of the project. */
export function sourcesHash(folders: readonly string[]): string {
  const files = folders.flatMap(sourcesOf).sort();
  return sha256(files.map((file) => `${file} ${sha256(readFileSync(join(projectRoot, file)))}`).join("\n")).slice(0, 16);
}

function sourcesOf(path: string): string[] {
  if (!statSync(join(projectRoot, path)).isDirectory()) return /\.(ts|yaml)$/.test(path) ? [path] : [];
  return readdirSync(join(projectRoot, path)).flatMap((entry) => sourcesOf(`${path}/${entry}`));
}
