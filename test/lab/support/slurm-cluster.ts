import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { comesTrue } from "../../support/patience";

/** A real Slurm on this machine alone: munged, slurmctld and slurmd of our own, in a folder of their own, on free ports. */
export interface SlurmCluster {
  /** Environment in which sbatch and the others speak to it. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs one of Slurm's commands. @returns what it wrote */
  command(program: string, ...args: string[]): string;
  stop(): Promise<void>;
}

/** @returns why no cluster can be started here, or `false` */
export function slurmMissing(): string | false {
  const missing = ["munged", "slurmctld", "slurmd", "sbatch"].filter(
    (program) => spawnSync("which", [program], { env: withSbin }).status !== 0,
  );
  if (missing.length > 0) return `${missing.join(", ")} not installed: apt-get install slurm-wlm munge`;
  return userInfo().uid !== 0 && "slurmd starts jobs as root only";
}

const withSbin = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

export async function startSlurm(): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), "iopfl-slurm-"));
  const inside = (name: string) => join(folder, name);
  const env = { ...withSbin, SLURM_CONF: inside("slurm.conf") };
  const daemons: ChildProcess[] = [];
  const start = (program: string, ...args: string[]) => daemons.push(spawn(program, args, { env, stdio: "ignore" }));
  const command = (program: string, ...args: string[]) =>
    execFileSync(program, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  for (const name of ["munge", "state", "spool"]) mkdirSync(inside(name), { mode: 0o755 });
  writeFileSync(inside("munge/key"), randomBytes(128), { mode: 0o600 });
  writeFileSync(inside("slurm.conf"), slurmConf(inside, await freePorts(2)));
  start(
    "munged",
    "--foreground",
    "--force",
    ...["key", "socket", "pid", "seed", "log"].map(
      (name) => `--${name === "socket" ? name : `${name}-file`}=${inside(`munge/${name}`)}`,
    ),
  );
  await sleep(500);
  start("slurmctld", "-D", "-c");
  start("slurmd", "-D", "-N", nodeName);
  const cluster: SlurmCluster = {
    env,
    command,
    async stop() {
      const ended = daemons.map(
        (daemon) => new Promise((resolve) => (daemon.exitCode === null ? daemon.once("exit", resolve) : resolve(0))),
      );
      for (const daemon of [...daemons].reverse()) daemon.kill("SIGTERM");
      const late = setTimeout(() => daemons.forEach((daemon) => daemon.kill("SIGKILL")), 8000);
      await Promise.all(ended);
      clearTimeout(late);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const idle = (): boolean =>
    spawnSync("sinfo", ["--noheader", "--format=%T"], { env, encoding: "utf8" }).stdout.trim() === "idle";
  if (await comesTrue(idle, 10)) return cluster;
  const logs = ["slurmctld.log", "slurmd.log"].map((name) =>
    readFileSync(inside(name), "utf8").split("\n").slice(-15).join("\n"),
  );
  await cluster.stop();
  throw new Error(`Slurm did not come up:\n${logs.join("\n---\n")}`);
}

const nodeName = hostname().split(".")[0];

function slurmConf(inside: (name: string) => string, [controllerPort, nodePort]: readonly number[]): string {
  return `ClusterName=test
SlurmctldHost=${nodeName}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${inside("munge/socket")}
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
StateSaveLocation=${inside("state")}
SlurmdSpoolDir=${inside("spool")}
SlurmctldPidFile=${inside("slurmctld.pid")}
SlurmdPidFile=${inside("slurmd.pid")}
SlurmctldLogFile=${inside("slurmctld.log")}
SlurmdLogFile=${inside("slurmd.log")}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
SlurmdParameters=config_overrides
MailProg=/bin/true
KillWait=5
ReturnToService=2
NodeName=${nodeName} NodeAddr=127.0.0.1 CPUs=4 RealMemory=16000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

/** Ports that are free at once: one after the other, the second might be the first again. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Server>((resolve, reject) => {
          const server = createServer().once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
