/** Which messages of a topic are shown: the newest as they arrive, or those from a position. Kept in the address. */
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

const MODES = ["live", "browse"] as const;

export interface Position {
  /** null: live, unless there is an offset or a time */
  readonly mode: (typeof MODES)[number] | null;
  /** null: all partitions */
  readonly partition: number | null;
  readonly offset: string;
  /** a local time as the browser's input has it */
  readonly since: string;
  /** the ID of the message that is open */
  readonly message: string | null;
}
export type PositionChange = { readonly [K in keyof Position]?: Position[K] | null };

export function usePosition() {
  const [position, setPosition] = useQueryStates({
    mode: parseAsStringLiteral(MODES),
    partition: parseAsInteger,
    offset: parseAsString.withDefault(""),
    since: parseAsString.withDefault(""),
    message: parseAsString,
  });
  // An offset or a time in the address means browsing.
  const hasStart = position.offset !== "" || position.since !== "";
  const isLive = position.mode === null ? !hasStart : position.mode === "live";
  return { position, change: (change: PositionChange) => void setPosition(change), hasStart, isLive };
}
