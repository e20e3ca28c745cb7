type Content = Readonly<Record<string, unknown>>;
type Entry = readonly [session: number, line: number, input: string];

/** The cells that this kernel has run, for a console's arrow keys. */
export interface History {
  add(count: number, code: string): void;
  /** Answers a `history_request`: the latest, a range of lines, or those that fit a pattern with `*` and `?`. */
  answer(content: Content): Content;
}

const kept = 1000;

export function createHistory(): History {
  const entries: Entry[] = [];
  return {
    add(count, code) {
      entries.push([0, count, code]);
      if (entries.length > kept) entries.shift();
    },
    answer({ hist_access_type: type, output, n, start, stop, pattern, unique }) {
      const last = (list: readonly Entry[]) => (typeof n === "number" && n > 0 ? list.slice(-n) : list);
      const found =
        type === "range"
          ? entries.filter(([, line]) => line >= Number(start ?? 0) && line < Number(stop ?? Infinity))
          : type === "search"
            ? last(matching(entries, String(pattern ?? "*"), unique === true))
            : last(entries);
      const history = output === true ? found.map(([session, line, code]) => [session, line, [code, null]]) : found;
      return { status: "ok", history };
    },
  };
}

/** @param unique of equal inputs only the latest */
function matching(entries: readonly Entry[], pattern: string, unique: boolean): Entry[] {
  const wanted = globPattern(pattern);
  const found = entries.filter(([, , code]) => wanted.test(code));
  return unique ? [...new Map(found.map((entry) => [entry[2], entry])).values()] : found;
}

function globPattern(glob: string): RegExp {
  const text = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text}$`, "s");
}
