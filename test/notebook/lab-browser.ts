import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { labCommand } from "../../lib/notebook/jupyter/lab-command";
import { comesTrue, patience } from "../support/patience";
import { venvExists } from "../../lib/notebook/jupyter/paths";

const browsers = [
  process.env.CHROMIUM ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
/** Where Chromium lies, if it is installed. */
export const executablePath = browsers.find((path) => path !== "" && existsSync(path));

/** Why JupyterLab cannot be driven on this machine; false when it can. */
export const cannotDrive: string | false = !venvExists()
  ? "no JupyterLab: npm run setup"
  : executablePath === undefined && "no Chromium: apt-get install chromium, or name it in CHROMIUM";

/** A real JupyterLab on a folder, and a browser on it. */
export interface Lab {
  readonly browser: Browser;
  /** Opens a notebook of the folder and waits until its cells and its kernel are there. */
  open(notebook: string): Promise<Page>;
  /** Keeps a picture where IOPFL_SCREENSHOTS says, for a person to look at. */
  screenshot(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
}

/** @param environment for the server and its kernels */
export async function startLab(folder: string, environment: Readonly<Record<string, string>>): Promise<Lab> {
  const [port, token] = [await freePort(), randomUUID()];
  const { program, args, env } = labCommand();
  const settings = [
    ...args.map((argument) =>
      argument.startsWith("--ServerApp.root_dir=") ? `--ServerApp.root_dir=${folder}` : argument,
    ),
    "--no-browser",
    "--LabApp.expose_app_in_browser=True",
    "--ServerApp.port_retries=0",
    `--ServerApp.port=${port}`,
    `--IdentityProvider.token=${token}`,
  ];
  const server = spawn(program, settings, {
    cwd: folder,
    env: { ...process.env, ...env, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const address = `http://localhost:${port}`;
  await answering(`${address}/api/status?token=${token}`, server);
  // Containers have neither a sandbox for Chromium nor much shared memory.
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  return {
    browser,
    async open(notebook) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 2600 } });
      await page.goto(`${address}/lab/tree/${notebook}?reset&token=${token}`);
      await page
        .locator(".jp-Notebook .jp-Cell")
        .first()
        .waitFor({ timeout: 1000 * patience(15) });
      await page.getByText("TypeScript (IOP-FL Workbench) | Idle").waitFor({ timeout: 1000 * patience(15) });
      return page;
    },
    async screenshot(page, name) {
      const place = process.env.IOPFL_SCREENSHOTS;
      if (!place) return;
      mkdirSync(place, { recursive: true });
      await page.screenshot({ path: join(place, `${name}.png`), fullPage: true });
    },
    async close() {
      await browser.close();
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM"); // the server ends its kernels
      await ended;
    },
  };
}

/** Runs one of JupyterLab's commands, as its menus do. */
export function command(page: Page, id: string): Promise<unknown> {
  return page.evaluate((name) => {
    type App = { jupyterapp: { commands: { execute(id: string): Promise<unknown> } } };
    void (globalThis as unknown as App).jupyterapp.commands.execute(name);
  }, id);
}

async function answering(address: string, server: ChildProcess): Promise<void> {
  let log = "";
  server.stderr?.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-5000)));
  const answers = async (): Promise<boolean> => (await fetch(address).catch(() => undefined))?.ok === true;
  const settled = await comesTrue(async () => server.exitCode !== null || (await answers()), 10);
  if (!settled || server.exitCode !== null) throw new Error(`JupyterLab does not answer:\n${log}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
