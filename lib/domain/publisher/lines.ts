import type { PublisherRule } from "./rules.ts";

/** The lines of the configuration that say the same as these rules. */
export function configurationLines(rules: readonly PublisherRule[]): string {
  // A JSON text is a YAML text as well, whatever the name holds.
  const section = (name: string, kind: PublisherRule["kind"]) => {
    const lines = rules
      .filter((rule) => rule.kind === kind)
      .map((rule) => `    - { ${kind}: ${JSON.stringify(rule.name)}, service: ${JSON.stringify(rule.service)} }`);
    return lines.length === 0 ? [] : [`  ${name}:`, ...lines];
  };
  return ["observe:", ...section("producers", "topic"), ...section("groupServices", "group")].join("\n");
}
