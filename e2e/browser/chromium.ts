/** Where a Chromium is on this machine: one named, one installed, or the one that comes from npm (Linux x64). */
import { existsSync } from "node:fs";
import type { LaunchOptions } from "playwright";

const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Keeps a browser under test from requests of its own: it connects only to the page under test. */
const QUIET = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-gpu",
];

/**
 * Options for Playwright's `chromium.launch`. FLOWTAP_CHROMIUM names an executable; else an installed browser is used,
 * else npm's `@sparticuz/chromium`; else Playwright looks for its own, and says how to install it when there is none.
 */
export async function chromiumOptions(): Promise<LaunchOptions> {
  const named = process.env["FLOWTAP_CHROMIUM"] ?? INSTALLED.find((candidate) => existsSync(candidate));
  if (named !== undefined) return { executablePath: named, args: ["--no-sandbox", ...QUIET] };
  if (process.platform === "linux" && process.arch === "x64") {
    const { default: bundled } = await import("@sparticuz/chromium");
    // Its own arguments are for one page in a cloud function: a single process, which dies with the first closed page.
    return {
      executablePath: await bundled.executablePath(),
      args: ["--no-sandbox", "--disable-dev-shm-usage", ...QUIET],
    };
  }
  return { args: QUIET };
}
