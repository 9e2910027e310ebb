import type { Metadata } from "next";
import { FailuresList } from "#components/failures/failures-list.tsx";

export const metadata: Metadata = { title: "Failures" };

export default function FailuresPage() {
  return <FailuresList />;
}
