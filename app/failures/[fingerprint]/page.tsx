import type { Metadata } from "next";
import { FailurePage } from "#components/failures/failure-page.tsx";
import { fromUrlSegment } from "#lib/domain/text/url-segment.ts";

export const metadata: Metadata = { title: "Failure" };

export default async function OneFailurePage({ params }: { readonly params: Promise<{ fingerprint: string }> }) {
  return <FailurePage fingerprint={fromUrlSegment((await params).fingerprint)} />;
}
