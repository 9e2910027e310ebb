import type { Metadata } from "next";
import { fromUrlSegment } from "#lib/domain/text/url-segment.ts";
import { TopicPage } from "#components/topics/topic-page.tsx";

interface Props {
  readonly params: Promise<{ cluster: string; topic: string }>;
}
export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({
  title: `${fromUrlSegment((await params).topic)} · Topics`,
});

export default async function OneTopicPage({ params }: Props) {
  const { cluster, topic } = await params;
  return <TopicPage cluster={fromUrlSegment(cluster)} topic={fromUrlSegment(topic)} />;
}
