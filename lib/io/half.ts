import type { StoredTensor } from "./safetensors";

/** @param bits an IEEE 754 half: 1 sign, 5 exponent, 10 fraction bits @returns its value, exactly */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** @param bits a bfloat16, the upper half of a float32, one a place @returns their values, exactly */
export function bfloatsToFloats(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);
}

/** @returns a tensor's values in its row-major order as float32; int64, float64 and large int32 values are rounded */
export function toFloats({ type, data }: StoredTensor): Float32Array {
  if (data instanceof Float32Array) return data.slice();
  if (type === "F16") return Float32Array.from(data as Uint16Array, halfToNumber);
  if (type === "BF16") return bfloatsToFloats(data as Uint16Array);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
