import type { Facts, Repetition, Runner, Side } from "./side";

export interface Entrant {
  readonly side: Side;
  readonly facts: Facts;
  readonly repetitions: readonly Repetition[];
  readonly peakMegabytes: number;
}

interface ContestOptions {
  readonly repetitions: number;
  /** Of each repetition. */
  readonly samples: number;
  readonly signal: AbortSignal;
  /** After every repetition of every side. */
  readonly onRepetition: () => void;
}

/**
 * Measures sides in turns, A B A B, so that whatever else the machine does meets all of them alike. Each is a process of its own that
 * was warmed up before; while one computes the others wait.
 */
export async function contest(
  sides: readonly Side[],
  { repetitions, samples, signal, onRepetition }: ContestOptions,
): Promise<Entrant[]> {
  const running: { side: Side; runner: Runner; repetitions: Repetition[] }[] = [];
  try {
    for (const side of sides) running.push({ side, runner: await side.start(signal), repetitions: [] });
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const { runner, repetitions: done } of running) {
        done.push(await runner.repeat(samples));
        onRepetition();
      }
    }
    const entrants: Entrant[] = [];
    for (const { side, runner, repetitions: done } of running) {
      entrants.push({
        side,
        facts: runner.facts,
        repetitions: done,
        peakMegabytes: (await runner.end()).peakMegabytes,
      });
    }
    return entrants;
  } catch (error) {
    for (const { runner } of running) runner.kill();
    throw error;
  }
}
