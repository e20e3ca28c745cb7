import type * as tf from "@tensorflow/tfjs-core";

/**
 * So many programs are kept, of which a job needs a dozen: a session that goes through sizes and methods would else keep every graph that
 * it ever recorded. The one that was not run for longest goes, and is recorded anew when it is asked for again.
 */
export const mostPrograms = 64;

/** Programs in the order of their last runs. */
export interface KeptPrograms<Program> {
  /** @returns the program of that name, made now if it is not there */
  get(name: string, make: () => Program): Program;
}

/** @param remove frees a program that goes */
export function keepPrograms<Program>(remove: (program: Program) => void): KeptPrograms<Program> {
  const programs = new Map<string, Program>();
  return {
    get(name, make) {
      const program = programs.has(name) ? (programs.get(name) as Program) : make();
      programs.delete(name);
      programs.set(name, program);
      for (const [oldest, each] of programs) {
        if (programs.size <= mostPrograms) break;
        remove(each);
        programs.delete(oldest);
      }
      return program;
    },
  };
}

/** @returns a name that two calls share only if their functions and the shapes and types of their inputs are the same */
export function programName(key: string, inputs: readonly tf.Tensor[]): string {
  return [key, ...inputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`)].join(" ");
}
