import { WorkbenchError } from "../core/errors";

/** What a file is that is not what was wanted, and what to do about it. */
export interface FileKind {
  /** With its article: `a web page`. */
  readonly is: string;
  readonly hint: string;
}

const starts = (bytes: Uint8Array, text: string, at = 0) =>
  bytes.length >= at + text.length && [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

/** Formats by what stands at a place of their bytes, and the mend. The first that fits counts. */
const signatures: readonly (readonly [text: string, at: number, is: string, hint: string])[] = [
  [
    "version https://git-lfs",
    0,
    "a Git LFS pointer",
    "run `git lfs pull` where it was cloned, and take the file from there",
  ],
  ["DICM", 128, "a DICOM file", "convert the series with dcm2niix"],
  ["NRRD", 0, "an NRRD file", "convert it to .nii.gz, for example with SimpleITK"],
  ["ObjectType", 0, "a MetaImage header (.mha or .mhd)", "convert it to .nii.gz, for example with SimpleITK"],
  ["\x89HDF\r\n", 0, "an HDF5 file (MINC, MATLAB 7.3 or Keras)", "convert it to the format that is wanted"],
  ["MATLAB 5.0", 0, "a MATLAB file", "save its array in the format that is wanted"],
  ["\x93NUMPY", 0, "a NumPy array (.npy)", "save it in the format that is wanted"],
  ["\x89PNG\r\n", 0, "a PNG picture", "check which file this is"],
  ["\xff\xd8\xff", 0, "a JPEG picture", "save it as PNG; of masks, save the original anew, JPEG blurs their values"],
  ["GIF8", 0, "a GIF picture", "save it as PNG"],
  ["BM", 0, "a BMP picture", "save it as PNG"],
  ["II*\0", 0, "a TIFF picture", "save it as PNG"],
  ["MM\0*", 0, "a TIFF picture", "save it as PNG"],
  ["RIFF", 0, "a RIFF file (WebP or the like)", "save it as PNG"],
  ["%PDF", 0, "a PDF document", "check what was downloaded"],
  ["PK\x03\x04", 0, "a zip archive", "unpack it, or give the archive itself to `npx iopfl data import`"],
  ["PK\x05\x06", 0, "an empty zip archive", "fetch it again"],
  ["\x1f\x8b", 0, "a gzip file", "unpack it"],
  ["BZh", 0, "a bzip2 file", "unpack it"],
  ["\xfd7zXZ", 0, "an xz file", "unpack it"],
  ["7z\xbc\xaf", 0, "a 7z archive", "unpack it"],
  ["Rar!", 0, "a RAR archive", "unpack it"],
  ["\x28\xb5\x2f\xfd", 0, "a Zstandard file", "unpack it"],
  ["ustar", 257, "a tar archive", "unpack it"],
  ["\x7fELF", 0, "a program", "check what was downloaded"],
  ["\0\x05\x16\x07", 0, "a macOS resource fork, not the file itself", "take the file without ._ before its name"],
  ["SIMPLE  =", 0, "a FITS file", "convert it to the format that is wanted"],
];

/** @returns what a file is by its first bytes, where that can be told: for the message of a reader that cannot read it */
function fileKind(bytes: Uint8Array): FileKind | undefined {
  if (bytes.length === 0) return { is: "an empty file", hint: "fetch it again" };
  const known = signatures.find(([text, at]) => starts(bytes, text, at));
  if (known) return { is: known[2], hint: known[3] };
  const head = bytes.subarray(0, 2048);
  if (head.every((byte) => byte === 0))
    return { is: "a file of zeros, such as a download leaves that did not finish", hint: "fetch it again" };
  const text = Buffer.from(head).toString("latin1");
  const words = text.replace(/^(\xef\xbb\xbf)?(\s|<!--[^]*?-->)*/, "").toLowerCase();
  if (/^<(!doctype html|html|head|body|script|meta|title)/.test(words))
    return {
      is: "a web page",
      hint: "the server sent a page (a login, a notice) in place of the file; fetch it again in a browser",
    };
  if (words.startsWith("<?xml") || words.startsWith("<error"))
    return { is: "an XML text, such as a server's error", hint: "fetch the file again" };
  if (/^[{[]/.test(words) && isText(head)) return { is: "a JSON text", hint: "check what was downloaded" };
  if (/^\x80[\x02-\x05]/.test(text))
    return { is: "a Python pickle", hint: "write it in the format that is wanted; nothing of it was run" };
  return isText(head) ? { is: "a text file", hint: "check what was downloaded" } : undefined;
}

/** @returns the refusal of a file that is something else than what was wanted, or else of one with a `fault` */
export function notA(wanted: string, bytes: Uint8Array, source: string, fault: string, hint: string): WorkbenchError {
  const kind = fileKind(bytes);
  return kind
    ? new WorkbenchError(`${source}: is ${kind.is}, not ${wanted}`, kind.hint)
    : new WorkbenchError(`${source}: ${fault}`, hint);
}

const isText = (bytes: Uint8Array) => bytes.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
