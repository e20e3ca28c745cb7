import { existsSync, readFileSync } from "node:fs";

/**
 * Why what is tried with AVX2 alone would repeat what runs anyway, which is with the widest registers of this processor; nothing where
 * there is AVX-512, or where its flags cannot be read.
 */
export const avx2IsWidest: string | undefined =
  existsSync("/proc/cpuinfo") && !/^flags\s*:.*\bavx512f\b/m.test(readFileSync("/proc/cpuinfo", "utf8"))
    ? "this processor has no AVX-512: what runs anyway runs with AVX2"
    : undefined;
