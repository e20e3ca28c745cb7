import type { TypedMatch } from "./completion-kinds";
import type { Executor } from "./executor";
import type { History } from "./history";
import { completeness } from "./is-complete";
import { toCharacters, toUnits } from "./positions";
import type { Compiler } from "./transpile";

type Content = Readonly<Record<string, unknown>>;

/** What of tslab is used beside its converter. */
export interface TslabTools {
  isCompleteCode(code: string): { indent?: string };
  printQuickInfo(info: unknown): string;
}

interface Sources {
  readonly typescript: Compiler;
  readonly executor: Executor;
  readonly tools: TslabTools;
  readonly history: History;
}

/** The requests that need no cell to run. */
export function createAnswers({
  typescript,
  executor,
  tools,
  history,
}: Sources): Record<string, (content: Content) => Content> {
  return {
    kernel_info_request: () => kernelInfo(typescript.version),
    is_complete_request({ code }) {
      const status = completeness(typescript, String(code));
      if (status !== "incomplete") return { status };
      return { status, indent: tools.isCompleteCode(String(code)).indent ?? "" };
    },
    complete_request({ code, cursor_pos: cursor }) {
      const text = String(code);
      const completion = executor.complete(text, toUnits(text, Number(cursor ?? Infinity)));
      const { candidates } = completion;
      const [start, end] = [completion.start, completion.end].map((place) => toCharacters(text, place));
      const typed = executor
        .kindsOf(completion)
        .map((type, index): TypedMatch => ({ text: candidates[index], type, start, end }));
      return {
        status: "ok",
        matches: candidates,
        metadata: { _jupyter_types_experimental: typed },
        cursor_start: start,
        cursor_end: end,
      };
    },
    inspect_request({ code, cursor_pos: cursor }) {
      const text = String(code);
      const info = executor.inspect(text, toUnits(text, Number(cursor ?? Infinity)));
      return {
        status: "ok",
        found: Boolean(info),
        metadata: {},
        data: info ? { "text/plain": tools.printQuickInfo(info) } : {},
      };
    },
    comm_info_request: () => ({ status: "ok", comms: {} }),
    history_request: (content) => history.answer(content),
  };
}

function kernelInfo(version: string): Content {
  const language = { name: "typescript", version, mimetype: "text/typescript", file_extension: ".ts" };
  const mode = { mode: "typescript", name: "javascript", typescript: true };
  return {
    status: "ok",
    protocol_version: "5.3",
    implementation: "iop-fl",
    implementation_version: "1.0.0",
    language_info: { ...language, codemirror_mode: mode },
    banner: `TypeScript ${version} (IOP-FL Workbench)`,
    help_links: [],
  };
}
