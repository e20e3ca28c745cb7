import { WorkbenchError } from "./errors";

/** Where training or adaptation lost its way. */
export interface DivergedAt {
  readonly method: string;
  readonly client?: string;
  /** Of a federation its round, of an adaptation its pass. */
  readonly round?: number;
}

/** A number that is none where a number is needed: training or adaptation has lost its way, and no score may come of it. */
export class Diverged extends WorkbenchError {
  constructor(
    readonly what: string,
    readonly at?: DivergedAt,
  ) {
    const where = at && [at.method, at.client, at.round === undefined ? undefined : `round ${at.round}`];
    super(
      where ? `${where.filter((part) => part !== undefined).join(", ")}: ${what}` : what,
      "lower the learning rate, or look at the method's parameters",
    );
  }

  in(at: DivergedAt): Diverged {
    return new Diverged(this.what, at);
  }
}

/** @throws Diverged naming the first value that is not finite */
export function assertFinite(values: ArrayLike<number>, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new Diverged(`${what} is ${values[i]}`);
  }
}
