/**
 * The API through the real server on a real Postgres: every answer is what its contract says, every refusal is the
 * right one. In parts that share one server; the last part stops its Postgres.
 */
import { after, before } from "node:test";
import { testContracts } from "./api-contracts.ts";
import { testEvents } from "./api-events.ts";
import { testFlow } from "./api-flow.ts";
import { testGroups } from "./api-groups.ts";
import { testNames } from "./api-names.ts";
import { testOperators } from "./api-operators.ts";
import { testOutage } from "./api-outage.ts";
import { testRefusals } from "./api-refusals.ts";
import { openApi } from "./api-server.ts";
import { testSignIn } from "./api-sign-in.ts";
import { testStream } from "./api-stream.ts";

const api = openApi();
before(api.start);
after(api.stop);

testContracts(api);
testFlow(api);
testGroups(api);
testOperators(api);
testEvents(api);
testNames(api);
testRefusals(api);
testSignIn(api);
testStream(api);
testOutage(api);
