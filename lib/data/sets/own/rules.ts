import type { ClassRule } from "../../task/classes";
import type { OwnRules } from "../../task/own-schema";

/** What a case of a task of one's own is read by. */
export interface CaseRules {
  readonly labels: readonly ClassRule[];
  readonly inChannels: number;
  readonly own: OwnRules;
}
