import { WorkbenchError } from "../core/errors";
import type { StoredTensor } from "./safetensors";
import type { TorchValue } from "./torch-file";
import { TorchTensor } from "./torch-tensor";

/** A pickle can hold a list that holds itself, or one that doubles at each level: both end here. */
const deepest = 16;
const mostEntries = 100_000;
/** A key is written out for every tensor below it. */
const longestNames = 2 ** 24;

/** @returns every tensor by its path through the dicts and lists that hold it: `state_dict.conv.bias`, `models.0.weight` */
export function torchEntries(value: TorchValue, source: string): Map<string, StoredTensor> {
  const found = new Map<string, StoredTensor>();
  let [visited, written] = [0, 0];
  const visit = (node: TorchValue, path: readonly (string | number)[]): void => {
    if (path.length > deepest || ++visited > mostEntries) {
      throw new WorkbenchError(
        `${source}: holds dicts more than ${deepest} deep or more than ${mostEntries} values`,
        "give a file with a plain state dict",
      );
    }
    if (node instanceof TorchTensor) {
      const name = path.join(".");
      written += name.length;
      if (written > longestNames)
        throw new WorkbenchError(
          `${source}: the names of its tensors take more than ${longestNames} characters`,
          "give a file with a plain state dict",
        );
      found.set(name, node);
    } else if (Array.isArray(node)) node.forEach((item, index) => visit(item, [...path, index]));
    else if (node instanceof Map) for (const [key, item] of node) visit(item, [...path, key]);
  };
  visit(value, []);
  return found;
}
