import type { Metadata } from "next";
import { TopicsList } from "#components/topics/topics-list.tsx";

export const metadata: Metadata = { title: "Topics" };

export default function TopicsPage() {
  return <TopicsList />;
}
