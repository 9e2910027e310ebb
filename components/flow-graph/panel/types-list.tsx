import { ratePerSecond } from "#components/ui/format.ts";
import type { FlowEdge } from "#lib/contracts/flow.ts";
import { Line, Section } from "./parts.tsx";

const SHOWN = 8;

export function TypesList({ types }: { readonly types: FlowEdge["types"] }) {
  if (types.length === 0) return null;
  return (
    <Section title="Event types" aside={types.length > SHOWN ? `${SHOWN} of ${types.length}` : undefined}>
      <div>
        {types.slice(0, SHOWN).map((type) => (
          <Line key={`${type.type} ${type.schemaVersion}`} name={type.type}>
            {type.schemaVersion !== "" && <span className="text-xs text-dim">v{type.schemaVersion.slice(0, 12)}</span>}
            {ratePerSecond(type.ratePerSecond)}
          </Line>
        ))}
      </div>
    </Section>
  );
}
