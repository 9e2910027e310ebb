/** Where a group can be reset to: the names of the choices, and what each does. */
export const HOW_LABEL = {
  earliest: "Earliest",
  latest: "Latest",
  timestamp: "Time",
  offset: "Offset",
  shift: "Shift by",
  group: "Same as another group",
  offsets: "Each partition",
} as const;

export const HOW_MEANS = {
  earliest: "Everything the log still holds is processed again.",
  latest: "Everything waiting is skipped.",
  timestamp: "From the first event at or after this time.",
  offset: "From this offset, kept within what the log holds.",
  shift: "By so many events: −100 goes back a hundred, 1 skips one.",
  group: "Where another group stands. What that group never committed stays as it is.",
  offsets: "Each partition where its line says; all others stay as they are.",
} as const;
