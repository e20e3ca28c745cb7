import { resolve } from "node:path";
import { exportModel } from "../../hospital/export";
import type { ModelWish } from "../../hospital/models";
import { print } from "./data-findings";
import { printJson } from "../streams";

interface ExportOptions extends Omit<ModelWish, "models" | "train"> {
  readonly method?: string;
  readonly site: string;
  readonly to: string;
  readonly json?: boolean;
}

/** `iopfl export <experiment>` */
export function exportTo(models: string, { method, site, to, json, ...wish }: ExportOptions): void {
  const exported = exportModel({ ...wish, models, train: method }, site, resolve(to));
  if (json) return printJson({ ...exported, to });
  const { from, shape, keys, bytes, sha256, leftOut, caution } = exported;
  print(
    `${from}: U-Net of ${shape.features} features, ${shape.inChannels} channels in, ${shape.classes} classes; ${keys} keys`,
  );
  if (leftOut.length > 0) print(`left out, not of the official network: ${leftOut.join(", ")}`);
  if (caution !== undefined) print(`caution: ${caution}`);
  print(`${to}: ${bytes} bytes`);
  print(`sha256 ${sha256}`);
}
