/**
 * `npm run demo:fault -- <name> [on|off]`: turns a fault of the running demo on or off; without a name,
 * lists the faults.
 */
import { readRun } from "./state.ts";

const [name, state = "on"] = process.argv.slice(2);
const run = await readRun();
if (run?.controlUrl === undefined) {
  console.error("No demo is running. Start it with `npm run demo`.");
  process.exit(1);
}
if (state !== "on" && state !== "off") {
  console.error(`npm run demo:fault -- <name> [on|off], not "${state}"`);
  process.exit(1);
}
const response =
  name === undefined
    ? await fetch(`${run.controlUrl}/faults`)
    : await fetch(`${run.controlUrl}/faults/${encodeURIComponent(name)}`, {
        method: "POST",
        body: JSON.stringify({ on: state === "on" }),
      });
if (response.status === 404) {
  console.error(`There is no fault named "${name}". \`npm run demo:fault\` lists them.`);
  process.exit(1);
}
if (!response.ok) {
  console.error(`The fault switch answered ${response.status}: ${await response.text()}`);
  process.exit(1);
}
const { faults } = (await response.json()) as { faults: { name: string; title: string; on: boolean }[] };
for (const fault of faults) console.log(`${fault.on ? "ON " : "off"}  ${fault.name.padEnd(18)} ${fault.title}`);
