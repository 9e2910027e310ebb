import { parseArgs } from "node:util";
import { err, ok, type Result } from "#lib/domain/result.ts";

export interface DemoFlags {
  readonly fresh: boolean;
  readonly check: boolean;
  readonly traffic: boolean;
  /** the port of the web; null: 3000, or a free one if that is taken */
  readonly port: number | null;
}

export const USAGE = [
  "npm run demo -- [--fresh] [--check] [--port N] [--no-traffic]",
  "  --fresh       delete the data of earlier runs (downloads are kept)",
  "  --check       start, wait for the flow graph, lag, a dead letter and a trace, print the outcome as JSON, and stop",
  "  --port N      the port of the web (default 3000, or another if that is taken)",
  "  --no-traffic  start the example services without traffic",
].join("\n");

export function readFlags(args: readonly string[]): Result<DemoFlags, string> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        fresh: { type: "boolean" },
        check: { type: "boolean" },
        "no-traffic": { type: "boolean" },
        port: { type: "string" },
      },
    });
    const port = values.port === undefined ? null : Number(values.port);
    if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65_536))
      return err(`--port must be a number between 1 and 65535, not "${values.port}"`);
    return ok({
      fresh: values.fresh ?? false,
      check: values.check ?? false,
      traffic: !(values["no-traffic"] ?? false),
      port,
    });
  } catch (error) {
    return err((error as Error).message);
  }
}
