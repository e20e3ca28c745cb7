import { fundusSiteTable } from "./sites";
import { misplaced, pairFiles, type ImportPlan, type NamedFile } from "../../import/plan";
import type { PreparedCase } from "../../set/prepared";

/**
 * Finds `Domain1..4/{train,test}/ROIs/{image,mask}/*.png` among names, below whatever folder. The names of the published files
 * are not known, only their numbers and how they begin.
 * @param names paths with slashes
 */
export function planFundus(names: readonly string[]): ImportPlan {
  const files: NamedFile[] = [];
  const [astray, unknown]: [string[], string[]] = [[], []];
  for (const name of names) {
    const match = /(?:^|\/)(Domain\d+)\/(train|test)\/ROIs\/(image|mask)\/([^/]+)\.png$/i.exec(name);
    if (!match) {
      if (/\.png$/i.test(name)) astray.push(name);
      continue;
    }
    const [folder, part, kind, id] = [
      match[1],
      match[2].toLowerCase(),
      match[3].toLowerCase() as "image" | "mask",
      match[4],
    ];
    const site = [...fundusSiteTable().keys()].find((each) => each.toLowerCase() === folder.toLowerCase());
    if (!site) unknown.push(name);
    else files.push({ name, site, id, kind, to: `${site}/${part}/ROIs/${kind}/${id}.png` });
  }
  const { cases, faults: unpaired } = pairFiles(files);
  const layout = misplaced(astray, "is not Domain1..4/{train,test}/ROIs/{image,mask}");
  const faults = [...layout, ...misplaced(unknown, "lies in no known domain"), ...unpaired];
  for (const { name, images, prefixes } of fundusSiteTable().values()) {
    const here = cases.filter(({ site }) => site === name);
    const odd = here.filter(({ id }) => !prefixes.some((prefix) => id.startsWith(prefix))).map(({ id }) => id);
    if (here.length !== images) faults.push(`${name}: ${here.length} images, published ${images}`);
    if (odd.length > 0)
      faults.push(
        `${name}: ${odd.length} names do not begin with ${prefixes.join(", ")}: ${odd.slice(0, 5).join(" ")}`,
      );
    const moved = here.filter(({ to }) => to.image.split("/")[1] !== to.mask.split("/")[1]);
    for (const { id } of moved) faults.push(`${name}: the image and the mask of ${id} lie in different parts`);
  }
  return { cases, faults };
}

/** What differs between an eye and the published set: crops of 800 x 800 pixels, three mask values. */
export function fundusOddities({ shape: [height, width], labels }: PreparedCase): string[] {
  const two = width > 1.5 * height;
  const crop = two ? Math.floor(width / 2) : width;
  return [
    ...(two ? ["two crops side by side, of which the left one is used"] : []),
    ...(height === 800 && crop === 800 ? [] : [`crops of ${height} x ${crop} pixels, published 800 x 800`]),
    ...(labels.every((label) => [0, 128, 255].includes(label))
      ? []
      : ["mask values other than 0, 128 and 255, sorted by the published thresholds"]),
  ];
}
