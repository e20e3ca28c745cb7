// The WebAssembly of our kernels, in AssemblyScript; `npm run build:kernels` makes ../module-bytes.ts of it. SIMD of 128 bits in a fixed
// order of operations gives the same bytes on every machine. Arguments of type usize are addresses in the back end's memory.
export { batchNormalise } from "./batch-norm";
export { batchNormaliseGradient } from "./batch-norm-gradient";
export { convolve } from "./convolution";
export { copyRuns } from "./copy-runs";
export { dotProducts } from "./dot-products";
export { filterGradient } from "./filter-gradient";
export { demoteTotals } from "./filter-totals";
export { maxPoolGradient } from "./max-pool-gradient";
export { maximum } from "./maximum";
export { packFilter } from "./pack-filter";
export { reluGradient } from "./relu";
export { sumMiddle } from "./sum-middle";
