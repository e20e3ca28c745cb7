import { join } from "node:path";
import { createRandom } from "../../../core/random";
import { WorkbenchError } from "../../../core/errors";
import { writeAtomic } from "../../../io/atomic";
import { encodePng } from "../../../io/png";
import { fundusSiteTable, type FundusSite } from "../../sets/fundus/sites";
import { photograph, type FundusView } from "./camera";
import { fundusPhantomConfig } from "./config";
import { createEye } from "./eye";
import { repeated } from "../shared/repeated";

export interface FundusPhantomOptions {
  readonly seed: string | number;
  /** Pixels along each side of a crop: 800 in the real set. */
  readonly side: number;
  /** So many images of each domain, or `real`: as many as it has. */
  readonly casesPerSite?: number | "real";
  /** Names a further photograph of the same eyes, which differs in its noise alone (default: the one that the files hold). */
  readonly repeat?: string;
}

/** One file of the phantom: one view of an eye, or two side by side. */
export interface FundusPhantomImage {
  readonly id: string;
  readonly views: readonly FundusView[];
}

/** Values of the real set's masks for background, rim and cup. */
const maskValues = [255, 128, 0] as const;
/** How far the second view of a pair is moved, millimetres. */
const secondView = 0.15;

/**
 * One eye of the phantom: equal arguments give equal pixels on every machine, whatever else is made. @param number counts from 1
 */
export function fundusPhantomImage(
  site: FundusSite,
  number: number,
  options: FundusPhantomOptions,
): FundusPhantomImage {
  const { seed, side, repeat } = options;
  const random = createRandom(seed).child("fundus-phantom").child(site.name).child(number);
  const config = fundusPhantomConfig();
  const camera = config.cameras[site.name];
  const glaucoma = random.child("glaucoma").uniform() < camera.glaucoma;
  const eye = createEye(glaucoma, config, random.child("eye"));
  const { deviation } = config.eye.offset;
  const centre = [deviation * random.child("x").normal(), deviation * random.child("y").normal()] as const;
  const two = random.child("views").uniform() < camera.twoViews;
  const views = (two ? [0, secondView] : [0]).map((moved, view) => {
    const light = random.child(`view${view}`);
    return photograph(
      eye,
      camera,
      config,
      side,
      [centre[0] + moved, centre[1]],
      repeat === undefined ? light : repeated(light, repeat),
    );
  });
  const prefix = site.prefixes[glaucoma ? 0 : Math.min(1, site.prefixes.length - 1)];
  return { id: `${prefix}${String(number).padStart(4, "0")}`, views };
}

/**
 * Writes the phantom as the real set is laid out: `Domain1..4/{train,test}/ROIs/{image,mask}/*.png`, masks with 0 for the cup,
 * 128 for the rim and 255 for the background. It can be stopped between images and run again.
 * @throws WorkbenchError when an option is out of range or the folder cannot be written
 */
export function writeFundusPhantom(
  folder: string,
  options: FundusPhantomOptions,
  onProgress?: (done: number, total: number) => void,
): void {
  const { side, casesPerSite = "real" } = options;
  if (!Number.isInteger(side) || side < 16)
    throw new WorkbenchError(`invalid side ${side}`, "use 16 pixels or more, for example 64 or 800");
  if (casesPerSite !== "real" && (!Number.isInteger(casesPerSite) || casesPerSite < 3))
    throw new WorkbenchError(
      `invalid number of cases per site ${casesPerSite}`,
      "use 3 or more (one for each part of the split), or real",
    );
  const jobs = [...fundusSiteTable().values()].flatMap((site) => {
    const count = casesPerSite === "real" ? site.images : casesPerSite;
    const tested = Math.max(1, Math.min(count - 2, Math.round((count * site.published.test) / site.images)));
    return Array.from({ length: count }, (_, index) => ({
      site,
      number: index + 1,
      part: index < count - tested ? "train" : "test",
    }));
  });
  jobs.forEach(({ site, number, part }, index) => {
    const { id, views } = fundusPhantomImage(site, number, options);
    const place = (kind: string) => join(folder, site.name, part, "ROIs", kind, `${id}.png`);
    const [width, height] = [views.length * side, side];
    writeAtomic(
      place("mask"),
      encodePng({
        width,
        height,
        channels: 1,
        data: sideBySide(
          views.map(({ classes }) => classes.map((value) => maskValues[value])),
          side,
          1,
        ),
      }),
    );
    writeAtomic(
      place("image"),
      encodePng({
        width,
        height,
        channels: 3,
        data: sideBySide(
          views.map(({ image }) => image),
          side,
          3,
        ),
      }),
    );
    onProgress?.(index + 1, jobs.length);
  });
}

function sideBySide(views: readonly Uint8Array[], side: number, channels: number): Uint8Array {
  const row = side * channels;
  const joined = new Uint8Array(views.length * side * row);
  views.forEach((view, place) => {
    for (let y = 0; y < side; y++) joined.set(view.subarray(y * row, (y + 1) * row), (y * views.length + place) * row);
  });
  return joined;
}
