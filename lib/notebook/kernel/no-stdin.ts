import { closeSync, openSync } from "node:fs";
import { Readable } from "node:stream";

/**
 * A notebook has no keyboard: who reads stdin is told so instead of waiting for ever, and child processes that inherit it find its end.
 * @param refuse told when something asks
 */
export function refuseStdin(refuse: (error: Error) => void): void {
  const stdin = new Readable({
    read() {
      refuse(new Error("a notebook has no stdin: nobody can answer; write the value into the cell"));
    },
  });
  Object.defineProperty(process, "stdin", { value: stdin, configurable: true, enumerable: true });
  if (process.platform === "win32") return;
  closeSync(0);
  openSync("/dev/null", "r"); // the lowest free descriptor, which is 0
}
