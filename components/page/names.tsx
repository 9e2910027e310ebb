import { BrokerText } from "#components/ui/broker-text.tsx";
import { count } from "#components/ui/format.ts";

/** The first name and the number of others; `all` is the total where `names` is only a part. */
export function Names({
  names,
  all = names.length,
  none,
}: {
  readonly names: readonly string[];
  readonly all?: number;
  readonly none: string;
}) {
  const [first] = names;
  if (first === undefined) return <span className="text-dim">{none}</span>;
  return (
    <span title={names.slice(0, 40).join("\n")}>
      <BrokerText text={first} maxLength={28} />
      {all > 1 && <span className="text-dim"> +{count(all - 1)}</span>}
    </span>
  );
}
