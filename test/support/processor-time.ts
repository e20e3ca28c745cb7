/** Starts a clock that runs while this process computes. @returns what reads it, in seconds */
export function processorClock(): () => number {
  const started = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1e6;
  };
}

/** What the work below takes on two slow cores that have no other work, in seconds: the unit that this machine is measured in. */
const usual = 0.4;

/**
 * How much more processor time this machine takes right now than the one on which limits were set, for work of every day: objects are made,
 * written as text, read, grouped, sorted. Never below 1.
 */
export function slowness(): number {
  const read = processorClock();
  for (let pass = 0; pass < 10; pass++) {
    const rows = Array.from({ length: 60_000 }, (_, index) => ({
      id: `case ${index % 997}`,
      value: (index * 7919) % 1e4,
    }));
    const groups = new Map<string, number[]>();
    for (const { id, value } of JSON.parse(JSON.stringify(rows)) as typeof rows)
      groups.set(id, [...(groups.get(id) ?? []), value]);
    for (const values of groups.values()) values.sort((a, b) => a - b);
  }
  return Math.max(1, read() / usual);
}
