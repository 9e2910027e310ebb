/** The times that one flow graph is made of. */

export interface FlowWindow {
  /** publishes counted from here to there */
  readonly publishes: { readonly from: Date; readonly to: Date };
  /** what groups consumed and what it caused is known a little later */
  readonly consumes: { readonly from: Date; readonly to: Date };
  /** edges used since then stay in the graph, with no events */
  readonly knownFrom: Date;
  /** the status of groups: as it is now, or as last stored in the window */
  readonly live: boolean;
}
