/** The switches of the control service, asked for once a second: on means this service misbehaves in that way. */
const ASK_EVERY_MS = 1_000;

export interface Faults {
  isOn(name: string): boolean;
  stop(): void;
}

export async function watchFaults(
  controlUrl: string,
  changed?: (isOn: (name: string) => boolean) => void,
): Promise<Faults> {
  let on = new Set<string>();
  const ask = async () => {
    try {
      const response = await fetch(`${controlUrl}/faults`, { signal: AbortSignal.timeout(2_000) });
      const { faults } = (await response.json()) as { faults: { name: string; on: boolean }[] };
      on = new Set(faults.filter((fault) => fault.on).map(({ name }) => name));
      changed?.((name) => on.has(name));
    } catch (error) {
      // No switch is no reason to stop working: what was last known stays.
      console.warn(`control does not answer: ${(error as Error).message}`);
    }
  };
  await ask();
  const timer = setInterval(() => void ask(), ASK_EVERY_MS);
  return { isOn: (name) => on.has(name), stop: () => clearInterval(timer) };
}
