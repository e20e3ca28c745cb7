import { WorkbenchError } from "../../../../core/errors";
import { classOfValue, writtenValue, type ClassRule } from "../../../task/classes";
import { resizeSlices } from "../../../set/resize";
import { valuesOf } from "../../../set/prepared";

type Shape = readonly [depth: number, height: number, width: number];

/** What a slope or a float may leave of a whole number. */
const rounding = 1e-3;
const mostShown = 8;

/** @returns values of a mask as messages list them, shortened */
function shownLabels(values: readonly number[]): string {
  const shown = values
    .slice(0, mostShown)
    .map((value) => writtenValue(Number.isInteger(value) ? value : Number(value.toPrecision(6))));
  return `${shown.join(", ")}${values.length > mostShown ? " and more" : ""}`;
}

/** @returns the class of every value of a mask. @throws WorkbenchError naming values that are none */
export function classesIn(mask: ArrayLike<number>, labels: readonly ClassRule[], name: string): Uint8Array {
  const of = classOfValue(labels);
  const classes = new Uint8Array(mask.length);
  const strange = new Set<number>();
  for (let i = 0; i < mask.length && strange.size <= mostShown; i++) {
    const whole = Math.round(mask[i]);
    const found = Math.abs(mask[i] - whole) <= rounding ? of(whole) : undefined;
    if (found === undefined) strange.add(mask[i]);
    else classes[i] = found;
  }
  if (strange.size === 0) return classes;
  throw new WorkbenchError(
    `${name}: the mask holds ${shownLabels([...strange])}, of no class of the task (its values are ${shownLabels(valuesOf(mask))})`,
    "name the value at a class (values), give one class values: others, or mend the mask",
  );
}

/**
 * Resizes classes: a pixel gets the class that covers most of it; where two cover the same, the later one, so that what is thin
 * stays. @param classes `[depth, height, width]` @returns `[depth, side, side]`
 */
export function resizeClasses(
  classes: Uint8Array,
  [depth, height, width]: Shape,
  side: number,
  count: number,
): Uint8Array {
  if (height === side && width === side) return classes;
  const resized = new Uint8Array(depth * side * side);
  const most = new Float32Array(resized.length);
  for (let label = 0; label < count; label++) {
    if (!classes.includes(label)) continue;
    const own = classes.map((value) => (value === label ? 1 : 0));
    const shares = resizeSlices(own, [depth, height, width], side, side);
    for (let i = 0; i < resized.length; i++) {
      if (shares[i] === 0 || shares[i] < most[i]) continue;
      most[i] = shares[i];
      resized[i] = label;
    }
  }
  return resized;
}
