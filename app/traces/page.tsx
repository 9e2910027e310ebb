import type { Metadata } from "next";
import { TracesList } from "#components/traces/traces-list.tsx";

export const metadata: Metadata = { title: "Traces" };

export default function TracesPage() {
  return <TracesList />;
}
