import { joinNiftiPair } from "../../io/nifti-pair";

/** Files by their names. */
interface Files {
  readonly names: readonly string[];
  read(name: string): Uint8Array;
}

const headerEnding = /\.hdr$/i;

/**
 * The same files, but that a pair of NIfTI (`a.hdr` and `a.img`) is one, called by its header: what reads it gets both as a single
 * file. A header of another format, or without its voxels, is read as it is.
 */
export function withPairs<Source extends Files>(source: Source): Source {
  const { names } = source;
  if (!names.some((name) => headerEnding.test(name))) return source;
  const voxelsOf = new Map<string, string>();
  const byStem = new Map(names.flatMap((name) => (/\.img$/i.test(name) ? [[name.slice(0, -4), name] as const] : [])));
  for (const name of names) {
    const voxels = headerEnding.test(name) ? byStem.get(name.slice(0, -4)) : undefined;
    if (voxels !== undefined) voxelsOf.set(name, voxels);
  }
  const taken = new Set(voxelsOf.values());
  return {
    ...source,
    names: names.filter((name) => !taken.has(name)),
    read(name) {
      const [bytes, voxels] = [source.read(name), voxelsOf.get(name)];
      return voxels === undefined ? bytes : (joinNiftiPair(bytes, source.read(voxels)) ?? bytes);
    },
  };
}
