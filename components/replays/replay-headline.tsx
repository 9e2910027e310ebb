import { BrokerText } from "#components/ui/broker-text.tsx";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { KIND_WORD } from "./replay-words.ts";
import { StatusTag } from "./status-tag.tsx";

/** What kind of replay it is, for which group, who planned it and why. */
export const ReplayHeadline = ({ view: { row } }: { readonly view: ReplayView }) => (
  <>
    <StatusTag row={row} />
    <span className="min-w-0 text-mut">
      {KIND_WORD[row.kind]}
      {row.group !== null && (
        <>
          {" "}
          for <BrokerText text={row.group} className="font-semibold text-text" maxLength={48} />
        </>
      )}{" "}
      · by <BrokerText text={row.createdBy} maxLength={32} />
      {row.reason !== "" && (
        <>
          {" "}
          · “<BrokerText text={row.reason} maxLength={120} />”
        </>
      )}
    </span>
  </>
);
