import { relative, resolve } from "node:path";
import { describeError, WorkbenchError } from "../../core/errors";
import { findCases, readCase } from "../../data/cases";
import { imageSets } from "../../data/image-sets";
import { readProfile, readTask } from "../../lab/config";
import { phantomFolder } from "../../lab/dataset";

/** `iopfl data phantom` */
export function phantom(taskId: string, { profile, out }: { readonly profile: string; readonly out?: string }): void {
  const task = readTask(taskId);
  const { data } = readProfile(profile);
  if (data.source !== "phantom") throw new WorkbenchError(`profile "${profile}" uses real data from ${data.source}`, "choose --profile quick or phantom");
  const folder = out ? resolve(out) : phantomFolder(task, data);
  imageSets[task.set].writePhantom(folder, data, (done, total) => {
    if (done % 10 === 0 || done === total) process.stderr.write(`phantom: ${done} of ${total} cases\n`);
  });
  process.stdout.write(`${relative(process.cwd(), folder) || "."}\n`);
}

/** `iopfl data verify <folder>`: reads every case and reports all faults at once. */
export function verify(folder: string): void {
  let faults = 0;
  for (const { site, cases } of findCases(resolve(folder))) {
    let slices = 0;
    for (const files of cases) {
      try {
        const { image } = readCase(files);
        slices += image.shape[0];
      } catch (error) {
        faults++;
        process.stdout.write(`FAULT ${describeError(error)}\n`);
      }
    }
    const missing = site.cases.filter((id) => !cases.some((found) => found.id === id));
    process.stdout.write(`${site.name}: ${cases.length} cases, ${slices} slices${missing.length > 0 ? `; not there: ${missing.join(", ")}` : ""}\n`);
  }
  if (faults > 0) throw new WorkbenchError(`${faults} cases of ${folder} cannot be used`, "mend or remove them");
}
