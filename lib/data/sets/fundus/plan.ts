import { fundusSiteTable } from "./sites";
import { misplaced, pairFiles, type ImportPlan, type NamedFile, type PublishedPart } from "../../set/plan";

/** The complete photographs that were published beside the crops. */
const original = /(?:^|\/)Domain\d+\/(?:train|test)\/(?!ROIs\/)[^/]+\/[^/]+\.(?:png|jpe?g|bmp|tiff?)$/i;

/**
 * Finds `Domain1..4/{train,test}/ROIs/{image,mask}/*.png` among names, below whatever folder. The names of the published files
 * are not known, only their numbers and how they begin.
 * @param names paths with slashes
 */
export function planFundus(names: readonly string[]): ImportPlan {
  const files: NamedFile[] = [];
  const [astray, originals, unknown]: [string[], string[], string[]] = [[], [], []];
  for (const name of names) {
    const match = /(?:^|\/)(Domain\d+)\/(train|test)\/ROIs\/(image|mask)\/([^/]+)\.png$/i.exec(name);
    if (!match) {
      if (original.test(name)) originals.push(name);
      else if (/\.(png|jpe?g|bmp|tiff?|gif)$/i.test(name)) astray.push(name);
      continue;
    }
    const [folder, part, kind, id] = [
      match[1],
      match[2].toLowerCase() as PublishedPart,
      match[3].toLowerCase() as "image" | "mask",
      match[4],
    ];
    const site = [...fundusSiteTable().keys()].find((each) => each.toLowerCase() === folder.toLowerCase());
    if (!site) unknown.push(name);
    else files.push({ name, site, id, kind, part, to: `${site}/${part}/ROIs/${kind}/${id}.png` });
  }
  const { cases, faults: unpaired } = pairFiles(files);
  const layout = misplaced(astray, "is not Domain1..4/{train,test}/ROIs/{image,mask}");
  const faults = [...layout, ...misplaced(unknown, "lies in no known domain"), ...unpaired];
  const missing: string[] = [];
  for (const { name, images, prefixes } of fundusSiteTable().values()) {
    const here = cases.filter(({ site }) => site === name);
    const odd = here.filter(({ id }) => !prefixes.some((prefix) => id.startsWith(prefix))).map(({ id }) => id);
    const count = `${name}: ${here.length} images, published ${images}`;
    if (here.length < images) missing.push(count);
    if (here.length > images) faults.push(count);
    if (odd.length > 0)
      faults.push(
        `${name}: ${odd.length} names do not begin with ${prefixes.join(", ")}: ${odd.slice(0, 5).join(" ")}`,
      );
    const moved = here.filter(({ to }) => to.image.split("/")[1] !== to.mask.split("/")[1]);
    for (const { id } of moved) faults.push(`${name}: the image and the mask of ${id} lie in different parts`);
  }
  return { cases, faults, missing, notes: misplaced(originals, "holds complete photographs beside the crops (ROIs)") };
}
