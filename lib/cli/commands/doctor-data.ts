import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { describeError } from "../../core/errors";
import { sum } from "../../core/mean";
import type { PublishedSet } from "../../data/set/image-set";
import { openSource } from "../../data/set/source";
import { imageSetNames } from "../../data/sets/image-set-names";
import { imageSets } from "../../data/sets/image-sets";
import { projectRoot } from "../../records/paths";
import type { Finding } from "./doctor-finding";

/**
 * What was imported of every real set, by the names of its files: whether all published cases are there. What the files hold is what
 * `iopfl data verify` reads.
 * @param root of the project, for tests
 */
export const realData = (root = projectRoot): Finding[] =>
  imageSetNames.map((name) => {
    const folder = join(root, "dataset", name);
    const part = `real ${name}`;
    if (!existsSync(folder))
      return { part, state: "absent", text: "not needed for the phantom", hint: "see dataset/README.md" };
    try {
      return { part, ...findingOf(imageSets[name], folder, relative(root, folder)) };
    } catch (error) {
      return { part, state: "partly", text: describeError(error) };
    }
  });

function findingOf(set: PublishedSet, folder: string, place: string): Omit<Finding, "part"> {
  const source = openSource(folder);
  const { cases, faults, missing } = set.plan(source.names);
  const published = sum(set.sites.map((site) => set.published(site).cases));
  const wrong = faults.length + source.refused.length;
  const text = `${place}: ${cases.length} of ${published} cases${wrong > 0 ? `, ${wrong} files or cases out of place` : ""}`;
  if (wrong === 0 && missing.length === 0 && cases.length === published) return { state: "ok", text };
  return {
    state: "partly",
    text,
    hint: `npx iopfl data verify ${place} names the rest; mend what the import refused and import it again`,
  };
}
