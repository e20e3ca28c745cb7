import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../../lib/core/project-root";
import { createCheckout, type Checkout } from "./checkout";

/**
 * A checkout with an addon of its own, which can be compiled anew and touches nobody else's: the package that loads it is a copy, the library
 * alone is shared.
 */
export function createNativeCheckout(): Checkout & { readonly root: string } {
  const checkout = createCheckout();
  const root = join(dirname(checkout.command), "..", "..");
  const scope = join("node_modules", "@tensorflow");
  rmSync(join(root, scope));
  mkdirSync(join(root, scope));
  for (const name of readdirSync(join(projectRoot, scope))) {
    const from = join(projectRoot, scope, name);
    if (name !== "tfjs-node-gpu") symlinkSync(from, join(root, scope, name));
    // Its link to the addon is relative, and so leads to this checkout's.
    else cpSync(from, join(root, scope, name), { recursive: true, verbatimSymlinks: true });
  }
  const place = join(".workbench", "tensorflow");
  mkdirSync(join(root, place), { recursive: true });
  symlinkSync(join(projectRoot, place, "library"), join(root, place, "library"));
  for (const file of ["libworkbench_silence.so", "tfjs_binding.node", "tfjs_binding.node.key", "verified.json"])
    cpSync(join(projectRoot, place, file), join(root, place, file));
  return { ...checkout, root };
}
