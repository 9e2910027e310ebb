/** The alert loop in a process of its own, for tests that kill it. */
import { readConfig, describeFaults } from "#lib/config/read-config.ts";
import { openDatabase } from "#lib/store/db/database.ts";
import { startAlerts } from "#lib/tap/alert/alert.ts";
import { openLog } from "#lib/telemetry/log.ts";

const config = readConfig(process.env);
if (!config.ok) throw new Error(describeFaults(config.error));
const database = openDatabase(config.value.database);
const stopping = new AbortController();
process.on("SIGTERM", () => stopping.abort());
await startAlerts({ config: config.value, database, log: openLog("alert-runner"), signal: stopping.signal });
await database.close();
