import { join } from "node:path";
import { findTypeFaults } from "./find-faults";

/** A process of its own: the compiler takes some seconds and 400 MB, which a kernel should neither wait for nor keep. */
const { root, entries, folder } = JSON.parse(process.argv[2]) as { root: string; entries: string[]; folder: string };
process.send?.(findTypeFaults(root, entries, join(folder, "memory.tsbuildinfo")), () => process.disconnect());
