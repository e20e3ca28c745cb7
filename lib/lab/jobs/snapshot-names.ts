const globalFile = /(^|_)global(_round\d+)?(\.\w+)?$/;
const clientFile = /(^|_)idx_(\d+)(_round\d+)?(\.\w+)?$/;

/** Whether a snapshot's file holds the global model, as the official code names it: `fedavg_global_round95`. */
export const isGlobalSnapshot = (file: string): boolean => globalFile.test(file);

/** @returns the place of the client whose model a snapshot's file holds (`fedavg_idx_0_round55`), or nothing where it names none */
export function clientOfSnapshot(file: string): number | undefined {
  const match = clientFile.exec(file);
  return match ? Number(match[2]) : undefined;
}
