import { kernelHost } from "./host";

/** How long files may load before it is said, in milliseconds; and then how often. */
const patience = 1000;

/** A line that grows while an import loads many files, and says at its end what it took; nothing where that is quick. */
export function createLoadingLine(): { file(): void; done(): void } {
  const id = "iop-fl-loading";
  let files = 0;
  let started = 0;
  let told = 0;
  let shown = 0;
  const show = (text: string): void => {
    kernelHost()?.display({ "text/plain": text }, {}, { id: `${id}-${started}`, update: shown++ > 0 });
  };
  return {
    file() {
      const now = performance.now();
      if (files++ === 0) [started, told, shown] = [now, now, 0];
      if (now - told < patience) return;
      told = now;
      show(`loading the library: ${files} files so far`);
    },
    done() {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (shown > 0) show(`the library is loaded: ${files} files in ${seconds} s`);
      files = 0;
    },
  };
}
