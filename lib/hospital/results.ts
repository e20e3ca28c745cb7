import { z } from "zod";
import { sha256 } from "../core/hash";
import type { OwnFolder } from "./own-folder";

const certainty = z.strictObject({ entropy: z.number(), confidence: z.number().nullable() });
const triple = z.tuple([z.number(), z.number(), z.number()]).readonly();

/** What is known of an image whose mask was written. */
const caseSchema = z.strictObject({
  name: z.string(),
  /** Of everything that the mask depends on. */
  fingerprint: z.string(),
  sha256: z.string(),
  /** Where the mask lies below the folder of results, and its SHA-256. */
  mask: z.string(),
  maskSha256: z.string(),
  shape: triple,
  spacing: triple.optional(),
  notes: z.array(z.string()).readonly(),
  /** Of every class but the background, pixels of the file. */
  pixels: z.array(z.int()).readonly(),
  /** Share of the marked pixels in the largest piece, and whether the mask touches a side of the picture. */
  largestPiece: z.number(),
  touchesSide: z.boolean(),
  /** Of the global model without adaptation, and Dice between what both mark. */
  before: certainty.optional(),
  agreement: z.number().optional(),
  after: certainty,
});
export type CaseResult = z.infer<typeof caseSchema>;

/** What an adaptation saw of itself in its last pass: curves over batches, and gates by layer. */
const telemetrySchema = z.strictObject({
  run: z.string(),
  curves: z.record(z.string(), z.array(z.number()).readonly()),
});
export type Telemetry = z.infer<typeof telemetrySchema>["curves"];

/** As the image is called; where that is of a format in which no mask is written, with the ending of one. */
export function maskPlace(name: string): string {
  if (/\.hdr$/i.test(name)) return `masks/${name}.nii`;
  return /\.(jpe?g|bmp|tiff?)$/i.test(name) ? `masks/${name}.png` : `masks/${name}`;
}
/** A name may be as long as the file system lets it be, so that none can be made of it. */
const casePlace = (name: string): string => `cases/${sha256(name).slice(0, 16)}.json`;
const telemetryPlace = "cases/telemetry.json";

export const writeCase = (out: OwnFolder, result: CaseResult): void =>
  out.write(casePlace(result.name), JSON.stringify(result, null, 1));

/** @returns what is known of an image whose mask lies there whole and depends on nothing else than this */
export function readCase(out: OwnFolder, name: string, fingerprint: string): CaseResult | undefined {
  const result = read(out, casePlace(name), caseSchema);
  if (result?.name !== name || result.fingerprint !== fingerprint) return undefined;
  const mask = out.read(result.mask);
  return mask && sha256(mask) === result.maskSha256 ? result : undefined;
}

/** @param run of everything that the adaptation depends on */
export const writeTelemetry = (out: OwnFolder, run: string, curves: Telemetry): void =>
  out.write(telemetryPlace, JSON.stringify({ run, curves }, null, 1));

/** @returns nothing where the adaptation of that run has not ended */
export function readTelemetry(out: OwnFolder, run: string): Telemetry {
  const telemetry = read(out, telemetryPlace, telemetrySchema);
  return telemetry?.run === run ? telemetry.curves : {};
}

function read<Output>(out: OwnFolder, place: string, schema: z.ZodType<Output>): Output | undefined {
  const bytes = out.read(place);
  if (!bytes) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return undefined;
  }
}
