/** What the words of a finding need beside the finding itself. */
export interface WordsContext {
  readonly group: string;
  readonly nowMs: number;
}
