/** Something that does not fit in the project's own code. Line and column count from 1. */
export interface TypeFault {
  /** Relative to the project: `lib/methods/train/iop-fl.ts`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What the compiler says, with its number: `Property 'alfa' does not exist ... (TS2551)`. */
  readonly text: string;
}
