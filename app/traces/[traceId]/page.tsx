import type { Metadata } from "next";
import { pathSegment } from "#components/page/path-segment.ts";
import { TracePage } from "#components/traces/trace-page.tsx";

interface Props {
  readonly params: Promise<{ traceId: string }>;
}
export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({
  title: `${pathSegment((await params).traceId).slice(0, 8)} · Traces`,
});

export default async function OneTracePage({ params }: Props) {
  return <TracePage traceId={pathSegment((await params).traceId).toLowerCase()} />;
}
