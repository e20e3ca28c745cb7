import { predict as predictAll } from "../../hospital/adapt";
import { segmentWith, type HospitalOptions } from "./adapt";

/** `iopfl predict` */
export function predict(options: HospitalOptions & { readonly site?: string }): Promise<void> {
  return segmentWith(options, (where) => predictAll(options, options.site, where));
}
