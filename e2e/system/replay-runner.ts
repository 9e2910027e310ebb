/** The replay runner in a process of its own, for tests that kill it. */
import { readConfig, describeFaults } from "#lib/config/read-config.ts";
import { openDatabase } from "#lib/store/db/database.ts";
import { startReplayRunner } from "#lib/tap/replay/replay.ts";
import { openLog } from "#lib/telemetry/log.ts";

const config = readConfig(process.env);
if (!config.ok) throw new Error(describeFaults(config.error));
const database = openDatabase(config.value.database);
const stopping = new AbortController();
process.on("SIGTERM", () => stopping.abort());
await startReplayRunner({ config: config.value, database, log: openLog("replay-runner"), signal: stopping.signal });
await database.close();
