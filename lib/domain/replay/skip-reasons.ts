/** Why an event is left out of a replay, in the words that people read. */
export const SKIP_REASONS = {
  error_event: "Tells of an error and is no dead letter: send again the event that caused it, by its trace or key",
  already_replayed: "Already sent again",
  in_another_run: "Another replay has it in hand",
  copy_of_replay: "Itself a copy that an earlier replay has sent",
  expired: "No longer in its topic: retention has taken it",
  compacted: "No longer in its topic: compaction has taken it",
  another_record: "Another record lies at this offset now",
  topic_gone: "Its topic was deleted or made anew since: what lies there now is another record",
  too_large: "Larger than the largest record its target topic takes (max.message.bytes)",
  no_original_topic: "Does not say which topic it came from; choose a target topic",
  target_missing: "Its target topic does not exist any more",
  same_event: "The same event as another one of this replay",
  other_cluster: "Lies in another cluster; replay those on their own",
  other_group: "Failed in another group than the one it is for",
  over_limit: "More than one replay takes; replay again for the rest",
} as const;

export type SkipReason = keyof typeof SKIP_REASONS;
