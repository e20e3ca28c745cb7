import { mostPixels, type BrokenPicture } from "./picture-samples";

/** What a TIFF file says of its picture, with the usual values where it says nothing. */
export interface TiffDirectory {
  readonly littleEndian: boolean;
  readonly width: number;
  readonly height: number;
  /** Samples of a pixel, and bits of a sample. */
  readonly samples: number;
  readonly bits: number;
  /** 1 whole numbers, 2 signed ones, 3 floating point. */
  readonly format: number;
  /** 0 white is zero, 1 black is zero, 2 red, green and blue, 3 a palette. */
  readonly photometric: number;
  /** Reds, then greens, then blues, of 16 bits each. */
  readonly palette: readonly number[];
  readonly compression: number;
  readonly predictor: number;
  /** Whether every sample has chunks of its own. */
  readonly separate: boolean;
  /** Pixels of a strip or of a tile. */
  readonly chunk: { readonly width: number; readonly height: number };
  readonly tiled: boolean;
  /** Where chunks start, and their bytes. */
  readonly offsets: readonly number[];
  readonly counts: readonly number[];
}

/** Tags that are read (TIFF 6.0, section 8 and part 2). */
const tags = {
  ...{ width: 256, height: 257, bits: 258, compression: 259, photometric: 262, fillOrder: 266, stripOffsets: 273 },
  ...{ orientation: 274, samples: 277, rows: 278, stripCounts: 279, planar: 284, predictor: 317, palette: 320 },
  ...{ tileWidth: 322, tileHeight: 323, tileOffsets: 324, tileCounts: 325, format: 339 },
} as const;
const bytesOfType: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };
const png = "save it as PNG";

/** @throws what `broken` makes, of a file with several pages, of values that do not go together, or of what is not read */
export function readTiffDirectory(bytes: Uint8Array, broken: BrokenPicture): TiffDirectory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = bytes[0] === 0x49;
  const start = bytes.length < 8 ? Infinity : view.getUint32(4, littleEndian);
  if (start + 2 > bytes.length) throw broken("the file ends before its directory (truncated file)");
  const entries = view.getUint16(start, littleEndian);
  const after = start + 2 + 12 * entries;
  if (after + 4 > bytes.length) throw broken("the file ends inside its directory (truncated file)");
  if (view.getUint32(after, littleEndian) !== 0)
    throw broken("holds several pages", "save each as a picture, or a volume as .nii.gz");
  const places = new Map<number, number>();
  for (let at = start + 2; at < after; at += 12) places.set(view.getUint16(at, littleEndian), at);

  const list = (name: keyof typeof tags): number[] => {
    const at = places.get(tags[name]);
    if (at === undefined) return [];
    const [type, count] = [view.getUint16(at + 2, littleEndian), view.getUint32(at + 4, littleEndian)];
    const size = bytesOfType[type];
    if (size === undefined) throw broken(`tag ${tags[name]} (${name}) has type ${type}, want 1, 3 or 4`);
    const from = size * count > 4 ? view.getUint32(at + 8, littleEndian) : at + 8;
    if (from + size * count > bytes.length) throw broken(`tag ${tags[name]} (${name}) leads out of the file`);
    return Array.from({ length: count }, (_, place) =>
      size === 1
        ? bytes[from + place]
        : size === 2
          ? view.getUint16(from + 2 * place, littleEndian)
          : view.getUint32(from + 4 * place, littleEndian),
    );
  };
  const one = (name: keyof typeof tags, usual: number): number => list(name)[0] ?? usual;

  const [width, height] = [one("width", 0), one("height", 0)];
  if (width < 1 || height < 1 || width * height > mostPixels)
    throw broken(`has ${width} x ${height} pixels`, `use images of at most ${mostPixels} pixels`);
  for (const name of ["fillOrder", "orientation"] as const)
    if (one(name, 1) !== 1) throw broken(`has ${name} ${one(name, 1)}, want 1`, png);
  const tiled = places.has(tags.tileWidth);
  const chunk = tiled
    ? { width: one("tileWidth", 0), height: one("tileHeight", 0) }
    : { width, height: Math.min(height, one("rows", height)) };
  if (chunk.width < 1 || chunk.height < 1 || chunk.width * chunk.height > mostPixels)
    throw broken(`has ${tiled ? "tiles" : "strips"} of ${chunk.width} x ${chunk.height} pixels`);
  const depths = list("bits");
  if (depths.some((bits) => bits !== depths[0]))
    throw broken(`has samples of ${depths.slice(0, 8).join(", ")} bits`, png);
  return {
    ...{ littleEndian, width, height, chunk, tiled, palette: list("palette"), bits: depths[0] ?? 1 },
    ...{ samples: one("samples", 1), format: one("format", 1), photometric: one("photometric", 1) },
    ...{ compression: one("compression", 1), predictor: one("predictor", 1), separate: one("planar", 1) === 2 },
    offsets: list(tiled ? "tileOffsets" : "stripOffsets"),
    counts: list(tiled ? "tileCounts" : "stripCounts"),
  };
}
