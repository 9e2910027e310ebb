import { StatCard } from "#components/ui/card.tsx";
import { count, durationSeconds, percent, plural, rate } from "#components/ui/format.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { isDeserted } from "./banner-words.ts";
import { catchUp, timeLag } from "./groups-table.tsx";

const SOON_SECONDS = 24 * 3600;

export function GroupStats({ view }: { readonly view: GroupView }) {
  const { row, partitions } = view;
  const { dataLossSeconds } = row;
  const tone =
    row.verdict === "stalled" || row.verdict === "stopped"
      ? "bad"
      : row.verdict === "warning" || row.verdict === "rewound"
        ? "warn"
        : "neutral";
  const most = partitions.reduce((found, one) => Math.max(found, Number(one.lagMessages ?? 0)), 0);
  const all = Number(row.lagMessages);
  const floor = row.timeLagIsFloor;
  const lost = BigInt(row.lostMessages);
  const gains = row.outRate - row.inRate;
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-5">
      <StatCard
        label="Lag"
        value={count(row.lagMessages)}
        tone={tone}
        context={
          all === 0
            ? "nothing waits"
            : partitions.length > 1 && most > all / 2
              ? `${percent(most / all)} on one partition`
              : row.protocol === "queue"
                ? "in the queue, held by consumers included"
                : `over ${plural(partitions.length, "partition")}`
        }
      />
      <StatCard
        label="Time lag"
        value={timeLag(row)}
        tone={tone}
        context={floor ? "at least: not all of it is known" : "oldest waiting event"}
      />
      <StatCard label="In / out" value={`${rate(row.inRate)} / ${rate(row.outRate)}`} context="events per second" />
      <StatCard
        label="Catches up"
        value={catchUp(row)}
        tone={catchUp(row) === "never" ? "warn" : "neutral"}
        context={
          row.verdict === "ok"
            ? all > 0 && isDeserted(row)
              ? "no member is connected"
              : "with what arrives"
            : row.catchUpSeconds === null && all > 0
              ? gains > 0
                ? `gains ${rate(gains)} per second`
                : `loses ${rate(-gains)} per second`
              : all === 0
                ? "up to date"
                : tone === "bad"
                  ? "after it moves"
                  : "at today’s rates"
        }
      />
      <StatCard
        className="max-md:col-span-2"
        label="Data loss in"
        value={dataLossSeconds === null ? "–" : dataLossSeconds === 0 ? "now" : durationSeconds(dataLossSeconds)}
        tone={
          lost > 0n || (tone !== "neutral" && dataLossSeconds !== null && dataLossSeconds < SOON_SECONDS)
            ? "bad"
            : "neutral"
        }
        context={
          lost > 0n
            ? `${count(row.lostMessages)} lost already`
            : dataLossSeconds === null
              ? "retention does not threaten"
              : "retention deletes what waits"
        }
      />
    </div>
  );
}
