import { readWhole } from "../io/byte-source";
import { readProstateCase, type ProstateCase } from "./sets/prostate/cases";

/** Where the two files of one case lie. */
export interface CaseFiles {
  readonly site: string;
  readonly id: string;
  readonly image: string;
  readonly mask: string;
}

/**
 * The door for scripts: one prostate case by the paths of its two files, read and checked exactly as the import does it.
 * @param side of the slices in pixels (default: as they are in the file)
 * @throws WorkbenchError as `readProstateCase`, and when a file cannot be read
 */
export function readCase({ site, id, image, mask }: CaseFiles, side?: number): ProstateCase {
  return readProstateCase(site, id, { image: readWhole(image, image), mask: readWhole(mask, mask) }, side);
}
