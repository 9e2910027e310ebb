import type { Metadata } from "next";
import { ReplaysList } from "#components/replays/replays-list.tsx";

export const metadata: Metadata = { title: "Replays" };

export default function ReplaysPage() {
  return <ReplaysList />;
}
