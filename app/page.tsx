export default function FlowPage() {
  return <p className="p-4 text-mut">The flow graph comes here.</p>;
}
