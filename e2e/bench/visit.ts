/** A visit of a page by a browser that has never been there. */
import type { Browser } from "playwright";

/** Milliseconds from navigation until the sign is visible, in a context without cache or cookies. */
export async function visit(browser: Browser, url: string, sign: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const seen = Promise.withResolvers<number>();
    await page.exposeFunction("flowtapBenchSeen", (at: number) => seen.resolve(at));
    await page.addInitScript(watchFor, sign);
    await page.goto(url, { waitUntil: "commit" });
    const timer = setTimeout(() => seen.reject(new Error(`${url} showed no ${sign}`)), 30_000);
    return await seen.promise.finally(() => clearTimeout(timer));
  } finally {
    await context.close();
  }
}

/** Runs in the page, in each of its frames. */
function watchFor(sign: string): void {
  const check = () => {
    const element = document.querySelector(sign);
    if (
      element === null ||
      !element.checkVisibility({ visibilityProperty: true }) ||
      element.getBoundingClientRect().width === 0
    )
      return requestAnimationFrame(check);
    return (window as unknown as { flowtapBenchSeen(at: number): void }).flowtapBenchSeen(performance.now());
  };
  requestAnimationFrame(check);
}
