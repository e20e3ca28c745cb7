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
  /** Names that the compiler does not know: those of experiments, methods, sites. */
  readonly namesAt: (before: string) => { readonly matches: readonly string[]; readonly start: number } | undefined;
}

/** The requests that need no cell to run. */
export function createAnswers({
  typescript,
  executor,
  tools,
  history,
  namesAt,
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
      const position = toUnits(text, Number(cursor ?? Infinity));
      const named = namesAt(text.slice(0, position));
      if (named) {
        const [start, end] = [named.start, position].map((place) => toCharacters(text, place));
        return matchesIn(
          start,
          end,
          named.matches.map((each): TypedMatch => ({ text: each, type: "value", start, end })),
        );
      }
      const completion = executor.complete(text, position);
      const { candidates } = completion;
      const [start, end] = [completion.start, completion.end].map((place) => toCharacters(text, place));
      const typed = executor
        .kindsOf(completion)
        .map((type, index): TypedMatch => ({ text: candidates[index], type, start, end }));
      return matchesIn(start, end, typed);
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

function matchesIn(start: number, end: number, typed: readonly TypedMatch[]): Content {
  return {
    status: "ok",
    matches: typed.map(({ text }) => text),
    metadata: { _jupyter_types_experimental: typed },
    cursor_start: start,
    cursor_end: end,
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
