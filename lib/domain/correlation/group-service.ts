import { topicMatches } from "../text/glob.ts";

/**
 * How the service of a group is known: by the configuration, or by a producer that commits its offsets and names the
 * service in what it writes; else concluded from the names.
 */
export const SERVICE_KNOWN_BY = ["declared", "inferred"] as const;
export type ServiceKnownBy = (typeof SERVICE_KNOWN_BY)[number];

export interface GroupService {
  readonly service: string;
  readonly knownBy: ServiceKnownBy;
}

/** Finds a known service by its name in lower case. */
export type FindService = (lowerCaseName: string) => string | undefined;

/** Looks services up by name, whatever the case. */
export function servicesByName(services: readonly string[]): FindService {
  const known = new Map(services.map((service) => [service.toLowerCase(), service]));
  return (name) => known.get(name);
}

/**
 * Answers which service a consumer group belongs to: as configured, else the known service whose name it bears or
 * begins with, before a `-`, `.` or `_`. The longest such name wins.
 */
export function openGroupServices(
  rules: readonly { readonly group: string; readonly service: string }[],
  find: FindService,
): (group: string) => GroupService | null {
  return (group) => {
    const rule = rules.find((one) => topicMatches(one.group, group));
    if (rule !== undefined) return { service: rule.service, knownBy: "declared" };
    const name = group.toLowerCase();
    for (let end = name.length; end > 0; end--) {
      const isWhole = end === name.length || "-._".includes(name.charAt(end));
      const service = isWhole ? find(name.slice(0, end)) : undefined;
      if (service !== undefined) return { service, knownBy: "inferred" };
    }
    return null;
  };
}
