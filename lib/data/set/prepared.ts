import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../../core/errors";
import { mean } from "../../core/mean";
import { fileValues, type StoredArray } from "../../io/file-values";
import type { SafeTensors, StoredTensor } from "../../io/safetensors";
import { readSealed, writeSealed } from "../../io/sealed";
import type { Values } from "./values";

/** One case at the size of an experiment, before a reading stacks and normalises it: both readings are made from it. */
export interface PreparedCase {
  readonly site: string;
  readonly id: string;
  readonly height: number;
  readonly width: number;
  /** `[plane, height, width]`, as in the file: of a volume its labelled slices, of a photograph red, green and blue. */
  readonly planes: Values<Float32Array | Int16Array>;
  /** `[slice, height, width]`, classes. */
  readonly masks: Values<Uint8Array>;
  /** Which slices of the volume they are, ascending. */
  readonly slices: readonly number[];
  readonly spacing: readonly [depth: number, height: number, width: number];
  /** Of the whole image, not only of the planes kept. */
  readonly mean: number;
  readonly deviation: number;
  /** Of the files: shape of the image, and the values that occur in the mask (the first 20), ascending. */
  readonly shape: readonly number[];
  readonly labels: readonly number[];
  /** What was odd about them and was used nevertheless, one line each. */
  readonly notes: readonly string[];
}

/** The same in memory. */
export interface MadeCase extends PreparedCase {
  readonly planes: Float32Array | Int16Array;
  readonly masks: Uint8Array;
}

/** A case in memory, and the same on the disk. */
export interface KeptCase {
  readonly made: MadeCase;
  /** Its slices are read from its file when they are asked for. */
  readonly stored: PreparedCase;
}

/** The bytes of a case's two files. */
export interface CaseBytes {
  readonly image: Uint8Array;
  readonly mask: Uint8Array;
}

/** Where prepared cases are kept. */
export interface CaseCache {
  readonly folder: string;
  /** Version of the code that prepares. */
  readonly code: string;
}

const metadata = z.strictObject({
  site: z.string(),
  id: z.string(),
  slices: z.array(z.int()),
  spacing: z.tuple([z.number(), z.number(), z.number()]),
  mean: z.number(),
  deviation: z.number(),
  shape: z.array(z.int()),
  labels: z.array(z.number()),
  notes: z.array(z.string()),
});

/**
 * A prepared case out of the cache, or made and put there. Its name is a hash of all that it depends on (the bytes of both files,
 * the size, the code), so that it is never stale; one that is damaged is made again, and named.
 * @param name the case's site and id: two cases with equal files are two
 */
export function cachedCase(
  cache: CaseCache,
  name: string,
  { image, mask }: CaseBytes,
  side: number,
  make: () => MadeCase,
): KeptCase {
  const hash = createHash("sha256").update(JSON.stringify([name, side, cache.code]));
  for (const bytes of [image, mask]) hash.update(createHash("sha256").update(bytes).digest());
  const path = join(cache.folder, `${hash.digest("hex").slice(0, 32)}.safetensors`);
  const sealed = readSealed(path, `the prepared case ${name}`);
  const kept = sealed && decode(sealed);
  if (kept) return { made: kept, stored: storedCase(path, name, kept) };
  const made = make();
  const { tensors, metadata: text } = encode(made);
  writeSealed(path, tensors, text);
  return { made, stored: storedCase(path, name, made) };
}

/** @returns a case whose planes and masks stay in its file, at whose end they lie */
function storedCase(path: string, name: string, made: MadeCase): PreparedCase {
  const { planes, masks } = made;
  const what = `the prepared case ${name}`;
  const end = statSync(path).size;
  const from = end - masks.byteLength - planes.byteLength;
  const array: StoredArray<Float32Array | Int16Array> = planes instanceof Int16Array ? Int16Array : Float32Array;
  return {
    ...made,
    planes: fileValues(path, what, { from, count: planes.length, array }),
    masks: fileValues(path, what, { from: end - masks.byteLength, count: masks.length, array: Uint8Array }),
  };
}

/** Planes of whole numbers take half the room, and lose nothing. */
export function compact(planes: Float32Array): Float32Array | Int16Array {
  const whole = planes.every((value) => Number.isInteger(value) && value >= -32768 && value <= 32767);
  return whole ? Int16Array.from(planes) : planes;
}

/** Mean and deviation of an image, summed in float64. @throws WorkbenchError when all values are equal */
export function moments(values: Float32Array, name: string): { mean: number; deviation: number } {
  const centre = mean(values);
  const squares = values.reduce((total, value) => total + (value - centre) * (value - centre), 0);
  const deviation = Math.sqrt(squares / values.length);
  if (deviation === 0)
    throw new WorkbenchError(`${name}: every value of the image is ${centre}`, "fetch the image again");
  return { mean: centre, deviation };
}

/** The values that occur, ascending: at most the first so many that are met. */
export function valuesOf(mask: ArrayLike<number>, most = 20): number[] {
  const seen = new Set<number>();
  for (let i = 0; i < mask.length && seen.size < most; i++) seen.add(mask[i]);
  return [...seen].sort((a, b) => a - b);
}

function encode({ planes, masks, height, width, ...rest }: MadeCase): {
  tensors: [string, StoredTensor][];
  metadata: Record<string, string>;
} {
  const area = height * width;
  const tensors: [string, StoredTensor][] = [
    [
      "planes",
      {
        type: planes instanceof Int16Array ? "I16" : "F32",
        shape: [planes.length / area, height, width],
        data: planes,
      },
    ],
    ["masks", { type: "U8", shape: [masks.length / area, height, width], data: masks }],
  ];
  return { tensors, metadata: { case: JSON.stringify(metadata.parse(rest)) } };
}

function decode({ tensors, metadata: text }: SafeTensors): MadeCase | undefined {
  const [planes, masks] = [tensors.get("planes"), tensors.get("masks")];
  if (!planes || !(masks?.data instanceof Uint8Array)) return undefined;
  if (!(planes.data instanceof Float32Array || planes.data instanceof Int16Array)) return undefined;
  const [, height, width] = planes.shape;
  return { ...metadata.parse(JSON.parse(text.case)), height, width, planes: planes.data, masks: masks.data };
}
