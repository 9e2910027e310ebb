/** What an alert shows of the group or cluster it is about, bounded. */
import type { AlertDetail } from "#lib/domain/alert/message.ts";
import type { AlertRule, Watched } from "#lib/domain/alert/rule.ts";
import { sentenceOf, findingInWords } from "#lib/domain/alert/words.ts";
import { factsOf, type Fact } from "#lib/domain/alert/facts.ts";
import { cutText, storableText } from "#lib/domain/text/text.ts";
import type { StoredAlert } from "#lib/store/alerts/active-alerts-read.ts";

/**
 * Figures change all the time; an alert is written again for another verdict, cause or incident, and a cluster's for
 * another reason.
 */
export function isChanged({ detail, severity }: StoredAlert, rule: AlertRule, watched: Watched): boolean {
  const now = aboutOf(watched);
  return (
    detail.verdict !== now.verdict ||
    detail.cause !== now.cause ||
    detail.incidentId !== now.incidentId ||
    severity !== rule.severity ||
    (watched.about === "cluster" && detail.sentence !== oneLine(sentenceOf(rule.when, watched)))
  );
}

const MAX_CHARS = 500;
const oneLine = (text: string): string =>
  storableText(cutText(text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " "), MAX_CHARS));
const bounded = (fact: Fact): Fact => ({ label: oneLine(fact.label), value: oneLine(fact.value) });

const aboutOf = (watched: Watched): Pick<AlertDetail, "verdict" | "cause" | "incidentId"> =>
  watched.about === "cluster"
    ? { verdict: "unknown", cause: null, incidentId: null }
    : { verdict: watched.verdict, cause: watched.finding?.cause ?? null, incidentId: watched.incidentId };

export function detailOf(rule: AlertRule, watched: Watched): AlertDetail {
  return {
    about: watched.about,
    cluster: watched.cluster,
    group: watched.group,
    ...aboutOf(watched),
    title: oneLine(findingInWords(rule.when, watched)),
    sentence: oneLine(sentenceOf(rule.when, watched)),
    facts: factsOf(watched).map(bounded),
  };
}

/** Of an alert whose details cannot be told: it fires all the same. */
export const plainDetail = (
  ruleName: string,
  { about, cluster, group }: Pick<Watched, "about" | "cluster" | "group">,
): AlertDetail => ({
  ...{ about, cluster, group, verdict: "unknown", cause: null, incidentId: null, facts: [] },
  title: "Meets a rule",
  sentence: oneLine(`The rule ${ruleName} is met; its details could not be put into words`),
});
