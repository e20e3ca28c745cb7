import type { TensorData } from "./safetensors";

/** What a strided window on values looks like: where it starts, how long it is along each axis, how far apart neighbours lie. */
export interface Window {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** Copies a window out of values, the last axis fastest. The window must lie inside the values. */
export function gatherWindow(values: TensorData, { offset, shape, stride }: Window): TensorData {
  const size = shape.reduce((product, length) => product * length, 1);
  if (isRowMajor(shape, stride)) return values.slice(offset, offset + size);
  const copy = new (values.constructor as new (size: number) => TensorData)(size);
  const index = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < size; to++) {
    copy[to] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += stride[axis];
      if (++index[axis] < shape[axis]) break;
      from -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return copy;
}

function isRowMajor(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}
