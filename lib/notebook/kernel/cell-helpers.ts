/** The object under which a cell's script finds what the kernel does for it. */
export const helpersName = "__iopfl__";

/** What the script of a cell may ask of the kernel. */
export interface CellHelpers {
  /** Gives a variable of the notebook its value. */
  declare(name: string, value: unknown): void;
  /** One export of a module; `*` for all of them. */
  imported(id: string, name: string): unknown;
  /** What every `await` goes through. */
  guard(value: unknown): Promise<unknown>;
  /** What every `for await` goes through. */
  each(values: Partial<AsyncIterable<unknown> & Iterable<unknown>>): AsyncIterable<unknown>;
}

/** What is learned of a cell while it is compiled. */
export interface CellNames {
  /** The names that it declares. */
  readonly declared: Set<string>;
  /** The modules that it loads, as written. */
  readonly imports: Set<string>;
}
