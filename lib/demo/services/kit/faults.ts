/** Polls the faults of the control service once a second. A service misbehaves while one of its faults is on. */
const POLL_INTERVAL_MS = 1_000;

export interface Faults {
  isOn(name: string): boolean;
  stop(): void;
}

export async function watchFaults(
  controlUrl: string,
  changed?: (isOn: (name: string) => boolean) => void,
): Promise<Faults> {
  let on = new Set<string>();
  const poll = async () => {
    try {
      const response = await fetch(`${controlUrl}/faults`, { signal: AbortSignal.timeout(2_000) });
      const { faults } = (await response.json()) as { faults: { name: string; on: boolean }[] };
      on = new Set(faults.filter((fault) => fault.on).map(({ name }) => name));
      changed?.((name) => on.has(name));
    } catch (error) {
      // Without the control service the last known faults stay.
      console.warn(`control does not answer: ${(error as Error).message}`);
    }
  };
  await poll();
  const timer = setInterval(() => void poll(), POLL_INTERVAL_MS);
  return { isOn: (name) => on.has(name), stop: () => clearInterval(timer) };
}
