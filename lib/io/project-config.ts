import { join } from "node:path";
import type { z } from "zod";
import { projectRoot } from "../core/project-root";
import { readConfig } from "./config";

/**
 * A configuration file of the project that is read when it is first asked for, and once.
 * @param file its path below the project's folder, which is how errors call it
 * @returns what reads it. @throws WorkbenchError naming the line of a bad value
 */
export function projectConfig<Schema extends z.ZodType>(file: string, schema: Schema): () => z.output<Schema> {
  let known: { readonly value: z.output<Schema> } | undefined;
  return () => (known ??= { value: readConfig(join(projectRoot, file), schema, file) }).value;
}
