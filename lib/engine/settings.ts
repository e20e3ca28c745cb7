/** Settings of the libraries that compute; some of them move bits, and clusters and shells set them for other programs. */
const computing = /^(TF|ONEDNN|DNNL|MKL|OMP|KMP|GOMP|OPENBLAS|XLA|NVIDIA_TF32)_|^NVIDIA_TF32_OVERRIDE$/;
/** What of them moves none: how much is said, which memory a card gives, and Terraform's, which begin alike. */
const harmless =
  /^TF_(CPP_(MIN|MAX_V)|FORCE_GPU|GPU_ALLOCATOR|GPU_THREAD|CLI_|CLOUD_|DATA_DIR|IN_AUTO|INPUT|LOG|PLUGIN_|REGISTRY_|TOKEN_|VAR_|WORKSPACE)/;

/** With which every job is computed, whatever the shell says. oneDNN is worth a factor of 1.6 where it is off by default. */
const pinned: Readonly<Record<string, string>> = {
  TF_ENABLE_ONEDNN_OPTS: "1",
  TF_NUM_INTRAOP_THREADS: "1",
  TF_NUM_INTEROP_THREADS: "1",
  OMP_NUM_THREADS: "1",
};

/** @returns an environment for a process that computes jobs */
export function pinnedEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !moves(name));
  return { ...Object.fromEntries(kept), ...pinned };
}

/** @returns what of an environment counts for nothing: `OMP_NUM_THREADS=8`, sorted */
export function overruledSettings(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env)
    .filter(([name, value]) => moves(name) && value !== pinned[name])
    .map(([name, value]) => `${name}=${value}`)
    .sort();
}

const moves = (name: string) => computing.test(name) && !harmless.test(name);
