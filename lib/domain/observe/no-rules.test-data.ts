import type { ObserveRules } from "./rules.ts";

export const NO_RULES: ObserveRules = {
  correlationHeaders: [],
  correlationJsonPaths: [],
  typeHeaders: [],
  typeJsonPaths: [],
  serviceHeaders: [],
  producers: [],
  deadLetterTopics: [],
  retryTopics: [],
  errorEvents: [],
};
