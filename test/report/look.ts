import assert from "node:assert/strict";
import { chromium, type Page } from "playwright-core";
import { executablePath } from "../notebook/lab-browser";
import { comesTrue } from "../support/patience";

/** Why no page can be looked at on this machine; false when it can. */
export const withoutBrowser: string | false =
  executablePath === undefined && "no Chromium: apt-get install chromium, or name it in CHROMIUM";

export interface Looking {
  /** In CSS pixels. */
  readonly width: number;
  readonly colorScheme?: "light" | "dark";
}

/** Opens a page in a real browser. It fails as well when the page says anything to the console or asks for what is not its own file. */
export async function look(
  address: string,
  { width, colorScheme }: Looking,
  check: (page: Page) => Promise<void>,
): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) said.push(`asked for ${request.url()}`);
    });
    await page.goto(address);
    await check(page);
    assert.deepEqual(said, []);
  } finally {
    await browser.close();
  }
}

/** Waits until an expression holds in a page. Playwright's own way asks again from within, where the page's policy forbids it. */
export async function until(page: Page, expression: string): Promise<void> {
  if (!(await comesTrue(() => page.evaluate<boolean>(expression), 30)))
    throw new Error(`never came true: ${expression}`);
}
