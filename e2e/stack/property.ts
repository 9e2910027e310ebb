/** fast-check with the run's seed, which it prints when a property fails. Tests import it from here. */
import fc from "fast-check";
import { SEED } from "./seed.ts";

fc.configureGlobal({ seed: SEED });

export default fc;
