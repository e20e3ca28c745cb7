export { startEngine } from "./start";
export { engineNames, type Engine, type EngineChoice, type EngineName, type EngineOptions } from "./engine";
export { installTensorflow, type Installation, type InstallOptions } from "./install/tensorflow";
export { installWebgpu, hasWebgpu } from "./install/webgpu";
export { probeTensorflow, type TensorflowProbe } from "./install/probe";
export { batchNormReluTrain, batchNormTrain, type BatchNormResult } from "./kernels/batch-norm";
export { meanOverPixels } from "./kernels/mean-over-pixels";
export { mixedConvolution, type MixedKernels } from "./kernels/mixed-convolution";
export { runProgram, type ProgramBody } from "./program";
