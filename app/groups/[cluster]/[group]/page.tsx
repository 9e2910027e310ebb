import type { Metadata } from "next";
import { GroupPage } from "#components/groups/group-page.tsx";
import { pathSegment } from "#components/page/path-segment.ts";

interface Props {
  readonly params: Promise<{ cluster: string; group: string }>;
}
export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({ title: `${pathSegment((await params).group)} · Groups` });

export default async function ConsumerGroupPage({ params }: Props) {
  const { cluster, group } = await params;
  return <GroupPage cluster={pathSegment(cluster)} group={pathSegment(group)} />;
}
