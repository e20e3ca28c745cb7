import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../../core/errors";
import { projectRoot } from "../paths";
import { manifestSteps, migrated } from "./migrate";
import { numericsSchema } from "../schema";

/** Where releases are committed: `results/released/<profile>`; IOPFL_RELEASES names another place. */
export const releaseFolder = (profile: string): string =>
  join(resolve(process.env.IOPFL_RELEASES ?? join(projectRoot, "results", "released")), profile);

const entry = z.strictObject({
  /** Of its record, unique in the experiment. */
  name: z.string(),
  question: z.string(),
  /** Of its line in the file of records: a digit that was changed is seen. */
  sha256: z.string(),
  /** The same of the line of its passes before the last, where it has any. */
  passes: z.string().optional(),
  /** Which of the experiment's numerics computed it. */
  numerics: z.int(),
  commit: z.string(),
  processor: z.string(),
  seconds: z.number(),
});
export type ReleasedEntry = z.infer<typeof entry>;

/** A picture: `<site>/<case>`, and of its line in the file of pictures. */
const pictureEntry = z.strictObject({ name: z.string(), sha256: z.string() });

const experiment = z.strictObject({
  /** Each that computed a part of it; records of one method have one. */
  numerics: z.array(numericsSchema),
  records: z.array(entry),
  /** Short runs of the methods whose whole jobs take hours, by the code that made the records: see `certify`. */
  probes: z.array(entry),
  /** What is drawn where there are neither data nor models: of a phantom alone, images of patients stay where they are. */
  pictures: z.array(pictureEntry),
});
export type ReleasedExperiment = z.infer<typeof experiment>;

export const manifestSchema = z.strictObject({
  /** Version of the form of a release. */
  release: z.literal(1),
  profile: z.string(),
  /** The commit that gathered it, and when. */
  commit: z.string(),
  date: z.string(),
  /** Processor time, all experiments together: a computer that is busy, or stopped for a while, makes no run longer. */
  hours: z.number(),
  /** Hash of each claim that was committed when this was released: later ones are not judged by these numbers. */
  claims: z.record(z.string(), z.string()),
  experiments: z.record(z.string(), experiment),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const manifestPath = (profile: string): string => join(releaseFolder(profile), "manifest.json");

/** @returns nothing where a profile is not released. @throws WorkbenchError when the manifest is damaged or of a later version */
export function readManifest(profile: string): Manifest | undefined {
  const path = manifestPath(profile);
  if (!existsSync(path)) return undefined;
  const damaged = (problem: string) =>
    new WorkbenchError(
      `the manifest of the release ${profile} ${problem.slice(0, 300)}`,
      `git checkout -- results/released/${profile} brings it back`,
    );
  let content: Record<string, unknown>;
  try {
    content = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch {
    throw damaged("is not JSON");
  }
  const { success, data, error } = manifestSchema.safeParse(migrated(content, "release", manifestSteps));
  if (success) return data;
  throw damaged(`is not valid: ${error.issues[0].path.join(".")}: ${error.issues[0].message}`);
}
