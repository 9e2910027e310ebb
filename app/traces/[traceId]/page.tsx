import type { Metadata } from "next";
import { fromUrlSegment } from "#lib/domain/text/url-segment.ts";
import { TracePage } from "#components/traces/trace-page.tsx";

interface Props {
  readonly params: Promise<{ traceId: string }>;
}
export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({
  title: `${fromUrlSegment((await params).traceId).slice(0, 8)} · Traces`,
});

export default async function OneTracePage({ params }: Props) {
  return <TracePage traceId={fromUrlSegment((await params).traceId).toLowerCase()} />;
}
