/**
 * Control characters (which move a terminal's cursor, clear it or rename its window), those that turn the direction of writing,
 * and halves of characters. Whatever a file, a folder or a configuration is called may hold them.
 */
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** @returns text from outside as one line that a terminal shows and does not obey: a newline is `\n`, an escape `\x1b` */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0);
    if (code === 10) return "\\n";
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** What a message quotes of a name, at most. */
const longestQuote = 100;

/** @returns a name from outside in quotation marks, as one printable line, cut where it is too long to read */
export function quote(name: string): string {
  const kept = name.length > longestQuote ? `${name.slice(0, longestQuote)}…` : name;
  return `"${printable(kept).replace(/"/g, '\\"')}"`;
}

/**
 * The one error that is shown to a user as a single line: what is wrong, the bad value, and the mend.
 * Anything else that is thrown is the system's refusal or a defect of the workbench: see `describeError`.
 */
export class WorkbenchError extends Error {
  readonly problem: string;
  readonly hint: string;
  /**
   * @param problem what is wrong, naming the bad value: `unknown site "HKX"`
   * @param hint what to do about it: `use one of BIDMC, HK, ...`
   */
  constructor(problem: string, hint: string) {
    super(printable(hint ? `${problem}; ${hint}` : problem));
    this.problem = printable(problem);
    this.hint = printable(hint);
    this.name = "WorkbenchError";
  }
}

/** Stopped by the user (Ctrl-C or a notebook's stop button): not a failure, but not a result either. */
export class Interrupted extends WorkbenchError {
  constructor(what: string) {
    super(`${what} was interrupted`, "run the same command again to go on; finished results were kept");
    this.name = "Interrupted";
  }
}

/** What the system says when it refuses, and the mend; `@` stands for the file. */
const systemFaults: Readonly<Record<string, string>> = {
  ENOSPC: "cannot write@: the disk is full; free some space and run the command again; finished results were kept",
  EDQUOT:
    "cannot write@: the disk quota is used up; free some space and run the command again; finished results were kept",
  EROFS:
    "cannot write@: the file system is read-only; make it writable and run the command again; finished results were kept",
  EACCES: "permission denied@; make it readable, or its folder writable, for this user",
  EPERM: "not permitted@; make it readable, or its folder writable, for this user",
  ENOENT: "there is no file@; check the path",
  EISDIR: "a folder stands where a file is wanted@; name a file",
  ENOTDIR: "a file stands where a folder is wanted@; name a folder",
  ENAMETOOLONG: "the name is too long@; use a shorter one",
  ELOOP: "links lead in a circle@; remove them",
  EMFILE: "too many files are open@; raise the limit (ulimit -n)",
  ENFILE: "too many files are open on this machine@; close some programs",
  EPIPE: "what reads the output has closed@; nothing was lost",
  ENOMEM: "the system has no memory left@; use fewer workers",
  EADDRINUSE: "the address is in use@; stop what uses it",
  ERR_FS_FILE_TOO_LARGE: "the file is larger than 2 GiB@; use a smaller one",
};

/**
 * @returns the one line a user should see for any thrown value: a problem with its mend, what the system refused, or that the
 * workbench has a defect, and where. A defect's stack is in `error.stack`, for a log.
 */
export function describeError(error: unknown): string {
  if (error instanceof WorkbenchError) return error.message;
  const { code, path } = (error ?? {}) as { code?: unknown; path?: unknown };
  const known = typeof code === "string" && Object.hasOwn(systemFaults, code) ? systemFaults[code] : undefined;
  if (known)
    return printable(known.replace("@", () => (typeof path === "string" ? ` ${path} (${code})` : ` (${code})`)));
  if (!(error instanceof Error)) return printable(String(error));
  const place = placeOf(error);
  return `a fault of the workbench${place ? ` at ${place}` : ""}: ${quoteFault(error)}; please report it with this line`;
}

/** The first place in the project's own code that a stack names: `lib/io/npy.ts:40`. */
function placeOf({ stack = "" }: Error): string | undefined {
  return /[\\/]((?:lib|notebooks|test)[\\/][^\s():]+:\d+)/.exec(stack)?.[1];
}

/** Of a schema's refusal its first issue, of anything else its message, shortened. */
function quoteFault(error: Error): string {
  const { issues } = error as { issues?: readonly { path: readonly PropertyKey[]; message: string }[] };
  const first = Array.isArray(issues) ? issues[0] : undefined;
  const text = first ? `${first.path.map(String).join(".") || "the value"}: ${first.message}` : error.message;
  return printable(`${error.name}: ${text}`.slice(0, 500));
}

/** Whether an error is neither a message for the user nor the system's refusal: its stack belongs into a log. */
export function isDefect(error: unknown): error is Error {
  const { code } = (error ?? {}) as { code?: unknown };
  return (
    error instanceof Error && !(error instanceof WorkbenchError) && !(typeof code === "string" && code in systemFaults)
  );
}
