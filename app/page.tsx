import { FlowPage } from "#components/flow-graph/flow-page.tsx";

export default function HomePage() {
  return <FlowPage />;
}
