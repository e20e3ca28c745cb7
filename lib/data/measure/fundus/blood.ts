import { card, middle } from "./test-card";
import { mean } from "../../../core/mean";
import { signalOf, type ToneCurve } from "./tone";
import { fundusPhantomConfig, type FundusCamera } from "../../phantom/fundus/config";

/**
 * Light lost in a vessel across a grey card, its chord known: the law of Beer and Lambert. The lens is sharp, so that the middle
 * is seen.
 */
export function measureAbsorption(camera: FundusCamera, curves: readonly ToneCurve[]): number[] {
  const radius = 0.08;
  const sharp = { ...camera, blur: 1e-6, shade: 0, tilt: 0, cropMillimetres: 1 };
  const vessel = card(sharp, () => 0.6, { label: "blood", vessels: [{ from: [-2, 0], to: [2, 0], radius }] });
  return curves.map((curve, c) => {
    const ratio = (signalOf(middle(vessel, c, 0.01, 1), curve) - curve.lift) / (0.6 * curve.gain);
    return -Math.log(ratio) / (2 * radius);
  });
}

/** Of a vein across a grey card: its section, the sum of the light lost on a line across it, is that of a circle. */
export function measureVein(camera: FundusCamera, curve: ToneCurve): number {
  const { vessels, absorption: loss } = fundusPhantomConfig();
  const [side, crop] = [200, 1];
  const radius = vessels.veinDiameter.value / 2;
  const near = { ...camera, shade: 0, tilt: 0, blur: 1e-6, cropMillimetres: crop };
  const { image } = card(near, () => 0.6, { side, label: "vein", vessels: [{ from: [-2, 0], to: [2, 0], radius }] });
  const rows = Array.from({ length: side }, (_, row) =>
    mean(Array.from({ length: side }, (_, column) => image[3 * (row * side + column) + 1])),
  );
  const lost = rows.map((value) => -Math.log((signalOf(value, curve) - curve.lift) / (0.6 * curve.gain)) / loss.green);
  const ground = mean(lost.slice(0, side / 8));
  const section = lost.reduce((sum, depth) => sum + ((depth - ground) * crop) / side, 0);
  return 2 * Math.sqrt(section / Math.PI);
}
