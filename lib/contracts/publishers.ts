import { z } from "zod";
import { PUBLISHER_EVIDENCE } from "#lib/domain/publisher/candidates.ts";
import { PUBLISHER_RULE_KINDS } from "#lib/domain/publisher/rules.ts";
import { Iso } from "./common.ts";

/** As `observe.producers` or `observe.groupServices` of the configuration, of one topic or group. */
export const PublisherRule = z
  .object({
    kind: z.enum(PUBLISHER_RULE_KINDS),
    name: z
      .string()
      .min(1)
      .max(600)
      .regex(/^[^*?\0]+$/, "must be one name, not a pattern")
      .meta({ description: "of the topic or the consumer group" }),
    service: z.string().trim().min(1).max(100),
  })
  .meta({ id: "PublisherRule" });
export const PublisherRulesInput = z.object({ rules: z.array(PublisherRule).min(1).max(200) });
export const PublisherRuleQuery = PublisherRule.pick({ kind: true, name: true });

const Count = z.number().int();

export const PublishersView = z
  .object({
    candidates: z.array(
      z
        .object({
          cluster: z.string(),
          name: z.string().meta({ description: "of the service, the group, or made of its topics" }),
          evidence: z.enum(PUBLISHER_EVIDENCE).meta({
            description:
              "record: its records name the service; transaction: its transactions commit the group's offsets; " +
              "commits: the group's commits follow what it writes; " +
              "together: it is only known which topics are written together",
          }),
          group: z.string().nullable(),
          topics: z.array(
            z.object({
              topic: z.string(),
              records: Count,
              namedRecords: Count.meta({ description: "records that name their service themselves" }),
              isOnlyWriter: z.boolean(),
            }),
          ),
          producers: Count.meta({ description: "producers that ran within the last day" }),
          firstAt: Iso,
          lastAt: Iso,
          rules: z.array(PublisherRule).meta({ description: "what it would be to take it over" }),
        })
        .meta({ id: "PublisherCandidate" }),
    ),
    rules: z
      .array(PublisherRule.extend({ createdBy: z.string(), createdAt: Iso }))
      .meta({ description: "taken over already" }),
  })
  .meta({ id: "Publishers" });

export type PublisherRuleInput = z.infer<typeof PublisherRule>;
export type PublishersView = z.infer<typeof PublishersView>;
