import { deflateSync, strToU8 } from "fflate";
import { sha256 } from "../core/hash";
import { renderSvg, type VegaLiteSpec } from "./figure";
import { liveFigure } from "./live-figure";

export interface Drawn {
  readonly svg: string;
  /** What it is drawn from again, for whoever explores it, as HTML: data in the page, that never runs. */
  readonly source: string;
}

export type Draw = (spec: VegaLiteSpec) => Promise<Drawn>;

/** How the page's script finds sources, and the page that there are some. */
export const liveMark = `<script type="text/plain" class="live"`;

/** @returns a drawer that draws equal figures once: two looks at the same runs share their curves, and one source */
export function drawOnce(): Draw {
  const drawn = new Map<string, Promise<string>>();
  return async (spec) => {
    const key = sha256(JSON.stringify(spec));
    const known = drawn.get(key);
    const svg = known ?? renderSvg({ ...spec, config: { aria: false } });
    drawn.set(key, svg);
    const id = `live-${key.slice(0, 12)}`;
    const source = known ? ` data-of="${id}"></script>` : ` id="${id}">${packed(liveFigure(spec))}</script>`;
    return { svg: await svg, source: `${liveMark}${source}` };
  };
}

/** Deflated and in letters that no markup is made of: a third of the size, and nothing in it can be taken for a tag. */
const packed = (value: object): string =>
  Buffer.from(deflateSync(strToU8(JSON.stringify(value)), { level: 9 })).toString("base64");
