import type { Metadata } from "next";
import { GroupsList } from "#components/groups/groups-list.tsx";

export const metadata: Metadata = { title: "Groups" };

export default function GroupsPage() {
  return <GroupsList />;
}
