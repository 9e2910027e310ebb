/** What inspecting costs, counted where it is done and told where /metrics is served. */
export interface InspectionFigures {
  readonly requests: readonly {
    readonly cluster: string;
    readonly api: string;
    readonly requests: number;
    readonly bytesSent: number;
    readonly bytesReceived: number;
  }[];
  readonly turns: readonly { readonly cluster: string; readonly seconds: number }[];
}

/** Turns told late are told as far as so many of them. */
const MAX_CYCLES = 1000;

export class InspectionCounts {
  #requests = new Map<
    string,
    { cluster: string; api: string; requests: number; bytesSent: number; bytesReceived: number }
  >();
  #turns: { cluster: string; seconds: number }[] = [];

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

  addTurn(cluster: string, seconds: number): void {
    if (this.#turns.length < MAX_CYCLES) this.#turns.push({ cluster, seconds });
  }

  /** What has come since the last time. */
  take(): InspectionFigures {
    const figures = { requests: [...this.#requests.values()], turns: this.#turns };
    this.#requests = new Map();
    this.#turns = [];
    return figures;
  }
}
