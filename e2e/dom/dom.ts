/** A browser's globals in this process, for tests that render components. Import it before anything that renders. */
import { GlobalRegistrator } from "@happy-dom/global-registrator";

// What Node has itself stays Node's: tests stub the network with real responses.
const kept = { Response, Request, Headers, AbortController, AbortSignal, URL, URLSearchParams, fetch };
GlobalRegistrator.register({ url: "http://flowtap.test/", width: 1400, height: 900 });
// The globals stay to the end of the process: React may still work after the last test.
Object.assign(globalThis, kept, { IS_REACT_ACT_ENVIRONMENT: true });
