import { relative, resolve } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { importInParallel } from "../../data/import/workers";
import { openSource } from "../../data/set/source";
import { imageSetNames } from "../../data/sets/image-set-names";
import { imageSets } from "../../data/sets/image-sets";
import { readProfile, readTask } from "../../records/config";
import { phantomFolder, writePhantom } from "../../records/dataset";
import { print, printFindings, refuseFaults } from "./data-findings";
import { processesFor, progress } from "./data-processes";

/** Images are read whole and checked at their own size; only what would be prepared is this small. */
const smallSide = 64;

interface PhantomCommand {
  readonly profile: string;
  readonly out?: string;
  readonly side?: number;
  readonly slices?: number | "real";
  readonly cases?: number | "real";
}

/** `iopfl data phantom`: a profile's phantom where the profile looks for it, or one of another size. */
export function phantom(taskId: string, { profile, out, side, slices, cases }: PhantomCommand): void {
  const task = readTask(taskId);
  const { data } = readProfile(profile);
  const asked = {
    ...(side && { side }),
    ...(slices && { slices }),
    ...(cases && { casesPerSite: cases, imagesPerSite: cases }),
  };
  const ownSize = Object.keys(asked).length > 0;
  if (data.source !== "phantom" && !ownSize)
    throw new WorkbenchError(
      `profile "${profile}" uses real data from ${data.source}`,
      "choose --profile quick or phantom, or give --side",
    );
  if (ownSize && !out)
    throw new WorkbenchError("a phantom of another size than the profile's needs a place", "give --out <folder>");
  const folder = out ? resolve(out) : phantomFolder(task, data);
  writePhantom(task, folder, { ...data, ...asked }, (done, total) => {
    if (done % 10 === 0 || done === total) process.stderr.write(`phantom: ${done} of ${total} cases\n`);
  });
  print(relative(process.cwd(), folder) || ".");
}

/** `iopfl data verify <folder>`: reads every case of whichever set the folder holds, and reports everything at once. */
export async function verify(folder: string): Promise<void> {
  const from = resolve(folder);
  const source = openSource(from);
  const plans = imageSetNames.map((set) => ({ set, plan: imageSets[set].plan(source.names) }));
  const { set, plan } = plans.reduce((most, each) => (each.plan.cases.length > most.plan.cases.length ? each : most));
  if (plan.cases.length === 0)
    throw new WorkbenchError(
      `${folder} holds no case of the ${imageSetNames.join(" or ")} set`,
      "see dataset/README.md for the layout",
    );
  const share = { set, from, cases: plan.cases, side: smallSide };
  const result = await importInParallel(share, processesFor(plan.cases), progress("verify", Date.now()));
  const faults = printFindings(imageSets[set], source, plan, result);
  for (const missing of plan.missing) print(missing);
  refuseFaults(faults, folder, "mend or remove what they name, and verify it again");
}
