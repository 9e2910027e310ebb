/** What inspecting a cluster costs. Counted in the background thread, published by the thread that serves /metrics. */
export interface InspectionFigures {
  readonly requests: readonly {
    readonly cluster: string;
    readonly api: string;
    readonly requests: number;
    readonly bytesSent: number;
    readonly bytesReceived: number;
  }[];
  readonly cycles: readonly { readonly cluster: string; readonly seconds: number }[];
}

/** At most this many cycles are kept until they are fetched; later ones are dropped. */
const MAX_CYCLES = 1000;

export class InspectionCounts {
  #requests = new Map<
    string,
    { cluster: string; api: string; requests: number; bytesSent: number; bytesReceived: number }
  >();
  #cycles: { cluster: string; seconds: number }[] = [];

  addRequest(
    cluster: string,
    {
      api,
      bytesSent,
      bytesReceived,
    }: { readonly api: string; readonly bytesSent: number; readonly bytesReceived: number },
  ): void {
    const counted = this.#requests.get(`${cluster} ${api}`) ?? {
      cluster,
      api,
      requests: 0,
      bytesSent: 0,
      bytesReceived: 0,
    };
    counted.requests++;
    counted.bytesSent += bytesSent;
    counted.bytesReceived += bytesReceived;
    this.#requests.set(`${cluster} ${api}`, counted);
  }

  addCycle(cluster: string, seconds: number): void {
    if (this.#cycles.length < MAX_CYCLES) this.#cycles.push({ cluster, seconds });
  }

  /** The counts since the last call. */
  take(): InspectionFigures {
    const figures = { requests: [...this.#requests.values()], cycles: this.#cycles };
    this.#requests = new Map();
    this.#cycles = [];
    return figures;
  }
}
