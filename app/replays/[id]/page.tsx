import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ReplayPage } from "#components/replays/replay-page.tsx";

interface Props {
  readonly params: Promise<{ id: string }>;
}
export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({
  title: `Replay ${(await params).id.slice(0, 9)}`,
});

export default async function OneReplayPage({ params }: Props) {
  const { id } = await params;
  if (!/^\d{1,9}$/.test(id)) notFound();
  return <ReplayPage id={Number(id)} />;
}
