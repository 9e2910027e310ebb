/**
 * Loaded before the tap's other modules: Node keeps what it compiled, so that the next start loads its modules with
 * less work. Beside the packages, not in the system's temporary folder, where another user could put code. Node goes on
 * without it where that folder cannot be written, and keeps to NODE_COMPILE_CACHE where it is set.
 */
import { enableCompileCache } from "node:module";
import path from "node:path";

enableCompileCache(path.resolve(import.meta.dirname, "../../node_modules/.cache/flowtap"));
