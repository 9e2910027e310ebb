import { defineConfig } from "playwright/test";
import { chromiumOptions } from "./browser/chromium.ts";

export default defineConfig({
  testDir: "./journeys",
  outputDir: "../test-results",
  globalSetup: "./journeys/start-demo.ts",
  // One demo serves every journey, and journeys turn its faults on and off: one at a time.
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: "line",
  use: {
    launchOptions: await chromiumOptions(),
    viewport: { width: 1440, height: 900 },
    colorScheme: "dark",
    screenshot: "only-on-failure",
    trace: "off",
  },
  projects: [
    // Without a graphics card, moving events take a core: one journey looks at them, the others ask for stillness.
    { name: "journeys", testMatch: /.*\.spec\.ts$/, use: { contextOptions: { reducedMotion: "reduce" } } },
    // `npm run screenshots`: the pictures in README and docs, taken from the running demo.
    { name: "screenshots", testMatch: /pictures\.ts$/ },
  ],
});
