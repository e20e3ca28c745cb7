import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Why a test of what Git knows cannot run, for `skip`: a slim image has no git, and an archive of the project is no clone. */
export const withoutGit: string | false =
  spawnSync("git", ["rev-parse"], { cwd: join(__dirname, "../..") }).status !== 0 &&
  "git was not found, or this is no clone";
