/** The times that one flow graph is made of. */

export interface FlowWindow {
  /** the time in which publishes are counted */
  readonly publishes: { readonly from: Date; readonly to: Date };
  /** the time in which consumption and causes are counted: earlier, because they are known a little later */
  readonly consumes: { readonly from: Date; readonly to: Date };
  /** edges used since then stay in the graph, also without events in the window */
  readonly knownFrom: Date;
  /** true: the status of groups is the current one; false: the last one stored in the window */
  readonly live: boolean;
}
