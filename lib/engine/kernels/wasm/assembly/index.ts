// The WebAssembly of our kernels, in AssemblyScript; `npm run build:kernels` makes ../module-bytes.ts of it. SIMD of 128 bits in a fixed
// order of operations gives the same bytes on every machine. Arguments of type usize are addresses in the back end's memory.
export { batchNormalise } from "./batch-norm";
export { batchNormaliseGradient } from "./batch-norm-gradient";
export { resizeChannels } from "./channels";
export { convolve } from "./convolution";
export { filterGradient } from "./filter-gradient";
export { demoteTotals } from "./filter-totals";
export { packFilter } from "./pack-filter";
export { padImage } from "./pad-image";
export { reluGradient } from "./relu";
