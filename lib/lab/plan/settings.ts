import { WorkbenchError } from "../../core/errors";
import { useOneOf } from "../../core/closest";
import type { Profile, Task } from "../../records/config";
import type { Settings } from "../../records/variations";

/** @returns the profile with what an entry changes of its training, or of how images reach an adaptation */
export function profileWith(
  profile: Profile,
  { rounds, localEpochs, selection, fraction, batch, order }: Settings,
): Profile {
  const { training, adaptation } = profile;
  const protocol = fraction === undefined ? training.protocol : { ...training.protocol, fraction };
  return {
    ...profile,
    training: {
      ...training,
      rounds: rounds ?? training.rounds,
      localEpochs: localEpochs ?? training.localEpochs,
      ...(protocol ? { protocol } : {}),
      ...(selection === "validation" ? { selection } : {}),
    },
    adaptation: { ...adaptation, batch: batch ?? adaptation.batch, ...(order ? { order } : {}) },
  };
}

/** @returns the sites that take part. @throws WorkbenchError when there are not so many, or none of that name */
export function clientsWith({ id, sites }: Task, { clients = sites.length, without }: Settings): readonly string[] {
  if (clients > sites.length)
    throw new WorkbenchError(`clients: ${clients} is more than the ${sites.length} sites of ${id}`, "take fewer");
  if (without !== undefined && !sites.includes(without))
    throw new WorkbenchError(`without: "${without}" is no site of ${id}`, useOneOf(without, sites));
  return sites.slice(0, clients).filter((site) => site !== without);
}
