/** What `iopfl doctor` found of one part. */
export interface Finding {
  readonly part: string;
  /** `partly`: there, but not whole; what needs none of it works. */
  readonly state: "ok" | "absent" | "partly" | "fault";
  readonly text: string;
  /** The command that mends it. */
  readonly hint?: string;
}
