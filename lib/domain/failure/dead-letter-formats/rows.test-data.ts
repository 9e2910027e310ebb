import { BROKER_ROWS } from "./brokers.test-data.ts";
import { DOTNET_ROWS } from "./dotnet.test-data.ts";
import { GENERAL_ROWS } from "./general.test-data.ts";
import { KAFKA_ROWS } from "./kafka.test-data.ts";
import type { DeadLetterRow } from "./row.test-data.ts";
import { SPRING_ROWS } from "./spring.test-data.ts";

export const DEAD_LETTER_ROWS: readonly DeadLetterRow[] = [
  ...SPRING_ROWS,
  ...KAFKA_ROWS,
  ...DOTNET_ROWS,
  ...BROKER_ROWS,
  ...GENERAL_ROWS,
];
