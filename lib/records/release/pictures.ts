import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { z } from "zod";
import { sha256 } from "../../core/hash";
import { changed } from "./changed";
import { readManifest, releaseFolder } from "./manifest";

/** One case of a site as it is drawn, with what every method predicted for it. Slices lie one above the other. */
export interface Picture {
  readonly site: string;
  readonly case: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Height of a pixel divided by its width. */
  readonly aspect: number;
  /** `[count, height, width]`, grey values 0 to 255. */
  readonly pixels: Uint8Array;
  /** `[count, height, width]`, classes: 0 is background. */
  readonly truth: Uint8Array;
  /** The same of each record that predicts the case, by the record's name. */
  readonly predictions: ReadonlyMap<string, Uint8Array>;
}

const side = z.int().min(1).max(1024);
const schema = z.strictObject({
  site: z.string(),
  case: z.string(),
  count: z.int().min(1).max(512),
  height: side,
  width: side,
  aspect: z.number().positive(),
  pixels: z.string(),
  truth: z.string(),
  predictions: z.record(z.string(), z.string()),
});

export const picturesPath = (profile: string, experiment: string): string =>
  join(releaseFolder(profile), `${experiment}.pictures.jsonl`);

export const pictureName = (picture: Pick<Picture, "site" | "case">): string => `${picture.site}/${picture.case}`;

/** A line of a release: bytes are deflated, which leaves next to nothing of a mask. */
export function pictureLine({ pixels, truth, predictions, ...shape }: Picture): string {
  const masks = [...predictions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, mask]) => [name, squeeze(mask)]);
  return JSON.stringify({
    ...shape,
    pixels: squeeze(pixels),
    truth: squeeze(truth),
    predictions: Object.fromEntries(masks) as object,
  });
}

/** @returns the pictures of a released experiment. @throws WorkbenchError naming the one that is not what was released */
export function readPictures(profile: string, experiment: string): Picture[] {
  const entries = readManifest(profile)?.experiments[experiment]?.pictures ?? [];
  const path = picturesPath(profile, experiment);
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  if (lines.length !== entries.length)
    throw changed(profile, `${experiment} has ${lines.length} pictures and its manifest ${entries.length}`);
  return entries.map(({ name, sha256: expected }, index) => {
    const refuse = (what: string) => changed(profile, `the picture ${experiment}/${name} ${what}`);
    if (sha256(lines[index]) !== expected) throw refuse("is not what was released");
    const { success, data } = schema.safeParse(JSON.parse(lines[index]));
    if (!success) throw refuse("has another form");
    const { predictions, ...rest } = data;
    const size = rest.count * rest.height * rest.width;
    const bytes = (text: string) => expand(text, size) ?? refuseSize(refuse, size);
    return {
      ...rest,
      pixels: bytes(rest.pixels),
      truth: bytes(rest.truth),
      predictions: new Map(Object.entries(predictions).map(([record, mask]) => [record, bytes(mask)])),
    };
  });
}

function refuseSize(refuse: (what: string) => Error, size: number): never {
  throw refuse(`does not have ${size} pixels`);
}

const squeeze = (bytes: Uint8Array): string => deflateSync(bytes, { level: 9 }).toString("base64");

/** Never makes more than was announced, whatever the bytes say. @returns nothing where they are not so many */
function expand(text: string, size: number): Uint8Array | undefined {
  try {
    const bytes = inflateSync(Buffer.from(text, "base64"), { maxOutputLength: size });
    return bytes.length === size ? new Uint8Array(bytes) : undefined;
  } catch {
    return undefined;
  }
}
