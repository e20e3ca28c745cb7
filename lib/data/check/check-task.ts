import { sha256 } from "../../core/hash";
import { describeError, WorkbenchError } from "../../core/errors";
import type { Panel } from "../../io/contact-sheet";
import type { ImageSet } from "../set/image-set";
import { slicePanel } from "../set/panels";
import type { FoundCase } from "../set/plan";
import type { FileSource } from "../set/source";
import { lookAtCase } from "../sets/own/look";
import { classOfValue } from "../task/classes";
import { imageSetOf } from "../task/image-set";
import { faultsAmong, notesAmong } from "./among";
import type { CheckedCase, OwnTask } from "./checked";

export interface TaskCheck {
  readonly cases: readonly CheckedCase[];
  /** What stops a run, each with its mend, one line each. */
  readonly faults: readonly string[];
  /** What is unusual and used nevertheless, or left out on purpose, one line each. */
  readonly notes: readonly string[];
  /** Slices of some cases of every site, with the outlines of what is sought; of one size. */
  readonly panels: readonly Panel[];
}

/** Cases of each site that are shown. */
export const shownCases = 4;

/**
 * Reads every case of a task, and says all that is wrong or odd at once. One case is in memory at a time.
 * @param side of the slices as they are prepared, and shown
 */
export function checkTask(
  task: OwnTask,
  source: FileSource,
  side: number,
  onProgress?: (done: number, total: number) => void,
): TaskCheck {
  const set = imageSetOf(task);
  const plan = set.plan(source.names, source.read);
  const [cases, unusable, panels]: [CheckedCase[], string[], Panel[]] = [[], [], []];
  plan.cases.forEach((found, place) => {
    try {
      const { checked, panel } = checkCase(task, set, source, found, side);
      const ofSite = cases.filter(({ site }) => site === found.site).length;
      if (ofSite < shownCases) panels.push(panel);
      cases.push(checked);
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      unusable.push(describeError(error));
    }
    onProgress?.(place + 1, plan.cases.length);
  });
  const links = source.refused.map((name) => `${name} is a link or no file, which is not followed`);
  return {
    cases,
    panels,
    faults: [...plan.faults, ...unusable, ...faultsAmong(task, cases)],
    notes: [...links, ...plan.notes, ...cases.flatMap(ownNotes), ...notesAmong(task, cases)],
  };
}

function checkCase(
  { own, labels }: OwnTask,
  set: ImageSet,
  source: FileSource,
  found: FoundCase,
  side: number,
): { readonly checked: CheckedCase; readonly panel: Panel } {
  const { site, id, image, mask } = found;
  const bytes = { image: source.read(image), mask: source.read(mask) };
  const made = set.prepare(site, id, bytes, side);
  const look = lookAtCase(own.modality, bytes, `${site}/${id}`);
  const classOf = classOfValue(labels);
  const voxels = labels.map(() => 0);
  for (const [value, count] of look.values) voxels[classOf(Math.round(value)) ?? 0] += count;
  const slices = set.slices(made, "intended");
  return {
    checked: {
      ...look,
      ...{ site, id, voxels, files: { image, mask }, slices: slices.count, notes: set.oddities(made) },
      hashes: { image: sha256(bytes.image), mask: sha256(bytes.mask) },
    },
    panel: slicePanel(slices, Math.floor(slices.count / 2), `${site} ${id}`),
  };
}

const ownNotes = ({ site, id, notes }: CheckedCase) => notes.map((note) => `${site}/${id}: ${note}; used as it is`);
