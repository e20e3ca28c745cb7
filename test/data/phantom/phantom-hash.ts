import { createHash } from "node:crypto";
import { fundusSite, fundusSites } from "../../../lib/data/sets/fundus/sites";
import { fundusPhantomImage } from "../../../lib/data/phantom/fundus/phantom";
import { prostatePhantomCase } from "../../../lib/data/phantom/prostate/phantom";
import { prostateSite, prostateSites } from "../../../lib/data/sets/prostate/sites";

/** SHA-256 over one case of every site of both phantoms. */
export function phantomHash(): string {
  const hash = createHash("sha256");
  for (const name of prostateSites) {
    const { image, zones } = prostatePhantomCase(prostateSite(name), prostateSite(name).cases[0], {
      seed: "bytes",
      side: 32,
      slices: 5,
    });
    hash.update(new Uint8Array(image.buffer)).update(zones);
  }
  for (const name of fundusSites) {
    for (const { image, classes } of fundusPhantomImage(fundusSite(name), 1, { seed: "bytes", side: 32 }).views)
      hash.update(image).update(classes);
  }
  return hash.digest("hex");
}
