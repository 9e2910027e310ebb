import Link from "next/link";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { usePageState } from "#components/shell/use-page-state.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { count, durationMs, durationSeconds, rate } from "#components/ui/format.ts";
import { VERDICT_BADGE, VerdictTag } from "#components/ui/state-tag.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { cn } from "#components/ui/cn.ts";
import { pages } from "#lib/client/routes.ts";
import type { GroupRow } from "#lib/contracts/groups.ts";
import { isDeserted } from "./banner-words.ts";

const SOON_SECONDS = 24 * 3600;
const TEXT = { bad: "text-bad", warn: "text-warn", ok: "", neutral: "", accent: "" } as const;
const SPARK = { bad: "bad", warn: "warn", ok: "neutral", neutral: "neutral", accent: "neutral" } as const;

/** What catching up means for this group, in a cell. */
export function catchUp(
  row: Pick<GroupRow, "lagMessages" | "catchUpSeconds" | "verdict" | "members" | "protocol">,
): string {
  if (BigInt(row.lagMessages) === 0n || row.catchUpSeconds === 0) return "caught up";
  if (row.verdict === "ok" && isDeserted(row)) return "–";
  // What little waits for a healthy group was just written: dividing it by two equal rates says nothing.
  if (row.verdict === "ok") return "keeps up";
  return row.catchUpSeconds === null ? "never" : durationSeconds(row.catchUpSeconds);
}

/**
 * How long the oldest waiting event waits, at least where no more is known; that it is at least nothing is
 * not worth a word.
 */
export function timeLag({ timeLagMs, timeLagIsFloor }: Pick<GroupRow, "timeLagMs" | "timeLagIsFloor">): string {
  if (timeLagMs === null || (timeLagIsFloor && timeLagMs === 0)) return "–";
  return `${timeLagIsFloor ? "≥ " : ""}${durationMs(timeLagMs)}`;
}

/** What retention deleted already is worse than what it will. */
function dataLoss(row: GroupRow) {
  if (row.lostMessages !== "0") return <span className="text-bad">{count(row.lostMessages)} lost</span>;
  if (row.dataLossSeconds === null || row.verdict === "ok") return <span className="text-dim">–</span>;
  return (
    <span className={row.dataLossSeconds < SOON_SECONDS ? "text-bad" : "text-mut"}>
      {row.dataLossSeconds === 0 ? "now" : durationSeconds(row.dataLossSeconds)}
    </span>
  );
}

export function GroupsTable({ rows }: { readonly rows: readonly GroupRow[] }) {
  const list = useListKeys<HTMLTableSectionElement>();
  const pageState = usePageState();
  return (
    <Table>
      <TableHeader>
        <tr>
          <TableHead>Group</TableHead>
          <TableHead>Verdict</TableHead>
          <TableHead className="hidden lg:table-cell">Why</TableHead>
          <TableHead numeric>Lag</TableHead>
          <TableHead numeric>Time lag</TableHead>
          <TableHead numeric className="hidden sm:table-cell lg:max-xl:hidden">
            In / out per s
          </TableHead>
          <TableHead numeric className="hidden md:table-cell lg:max-xl:hidden">
            Catches up in
          </TableHead>
          <TableHead numeric className="hidden xl:table-cell">
            Data loss in
          </TableHead>
          <TableHead numeric className="hidden md:table-cell">
            Members
          </TableHead>
          <TableHead className="hidden md:table-cell">Lag, 30 min</TableHead>
        </tr>
      </TableHeader>
      <TableBody ref={list}>
        {rows.map((row) => {
          const { tone } = VERDICT_BADGE[row.verdict];
          return (
            <TableRow
              key={`${row.cluster}/${row.group}`}
              tone={tone === "bad" ? "bad" : undefined}
              className="relative focus-within:bg-raise"
            >
              <TableCell className="max-w-[7.5rem] truncate sm:max-w-[16rem]">
                {/* The link covers its row, so the whole row opens the group. */}
                <Link
                  data-row-link
                  href={pages.group(row.cluster, row.group, pageState)}
                  className="font-medium after:absolute after:inset-0 hover:underline"
                >
                  <BrokerText text={row.group} maxLength={48} />
                </Link>
                {row.service !== null && row.service !== row.group && (
                  <BrokerText text={row.service} className="ml-2 text-dim max-sm:hidden" maxLength={32} />
                )}
              </TableCell>
              <TableCell>
                <VerdictTag verdict={row.verdict} />
              </TableCell>
              <TableCell className="hidden w-full max-w-0 truncate text-mut lg:table-cell">
                {row.cause !== null && (
                  <Tag tone={tone === "bad" ? "bad" : "warn"} className="mr-2">
                    {row.cause.title}
                  </Tag>
                )}
                <BrokerText text={row.cause?.sentence ?? row.reason ?? ""} maxLength={300} />
              </TableCell>
              <TableCell numeric className={cn("font-medium", TEXT[tone])}>
                {count(row.lagMessages)}
              </TableCell>
              <TableCell numeric className={TEXT[tone]}>
                {timeLag(row)}
              </TableCell>
              <TableCell numeric className="hidden text-mut sm:table-cell lg:max-xl:hidden">
                {rate(row.inRate)} / {rate(row.outRate)}
              </TableCell>
              <TableCell numeric className="hidden text-mut md:table-cell lg:max-xl:hidden">
                {catchUp(row)}
              </TableCell>
              <TableCell numeric className="hidden xl:table-cell">
                {dataLoss(row)}
              </TableCell>
              <TableCell numeric className={cn("hidden md:table-cell", row.members === 0 && "text-warn")}>
                {count(row.members)}
              </TableCell>
              <TableCell className={cn("hidden md:table-cell", SPARK[tone] === "neutral" && "opacity-55")}>
                <Sparkline
                  values={row.spark}
                  tone={SPARK[tone]}
                  label={`Lag of ${row.group} over the last 30 minutes`}
                />
              </TableCell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
