import type { Metadata } from "next";
import { EntityPage } from "#components/entities/entity-page.tsx";
import { fromUrlSegment } from "#lib/domain/text/url-segment.ts";

interface Props {
  readonly params: Promise<{ key: string }>;
}
export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({
  title: `${fromUrlSegment((await params).key).slice(0, 40)} · Entities`,
});

export default async function OneEntityPage({ params }: Props) {
  const entityKey = fromUrlSegment((await params).key);
  return <EntityPage key={entityKey} entityKey={entityKey} />;
}
