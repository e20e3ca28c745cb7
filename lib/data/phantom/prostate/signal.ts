import type { Random } from "../../../core/random";
import { createNoiseField } from "../shared/noise-field";
import { tissueNames, type ProstatePhantomConfig, type ProstateScan } from "./config";
import type { ProstateSite } from "../../sets/prostate/sites";

/** Signal of a tissue at a point, relative to fresh protons. */
export type TissueSignal = (tissue: number, x: number, y: number, z: number) => number;

/** S = PD (1 - exp(-TR / T1)) exp(-TE / T2) of every tissue for this patient at this field, with the tissue's texture. */
export function createSignal(
  site: ProstateSite,
  config: ProstatePhantomConfig,
  scan: ProstateScan,
  random: Random,
): TissueSignal {
  const field = site.fieldTesla[random.child("field").integer(site.fieldTesla.length)];
  const { t1Ratio3TTo1_5T: shorter, t2Ratio1_5TTo3T: longer } = config.fieldScaling;
  const patient = (name: string) => Math.max(-1.5, Math.min(1.5, random.child(name).normal()));
  const shift: Partial<Record<string, number>> = {
    peripheral: patient("peripheral") * config.patients.peripheralT2.value,
    transition: patient("transition") * config.patients.transitionT2.value,
  };
  const signals = tissueNames.map((name) => {
    const { protonDensity, t1, t2 } = config.tissues[name];
    const relaxation = {
      t1: field < 3 ? t1 / shorter.value : t1,
      t2: (t2 + (shift[name] ?? 0)) * (field < 3 ? longer.value : 1),
    };
    return protonDensity * (1 - Math.exp(-scan.repetition / relaxation.t1)) * Math.exp(-scan.echo / relaxation.t2);
  });
  const textures = tissueNames.map((name) => config.tissues[name].texture);
  const scales = tissueNames.map((name) => 1 / config.tissues[name].textureLength);
  const field3d = createNoiseField(random.child("texture"));
  return (tissue, x, y, z) => {
    if (textures[tissue] === 0) return signals[tissue];
    const scale = scales[tissue];
    return signals[tissue] * Math.max(0.2, 1 + textures[tissue] * field3d(x * scale, y * scale, z * scale));
  };
}
