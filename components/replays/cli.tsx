import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";

/** The same with the broker's own tools. */
export const Cli = ({ text }: { readonly text: string }) => (
  <Card>
    <CardHeader title="The same in the terminal">
      <CopyButton what="the command" value={text} />
    </CardHeader>
    <CardBody>
      <pre tabIndex={0} className="overflow-x-auto font-mono text-xs leading-relaxed whitespace-pre text-text/85">
        <bdi>{text.slice(0, 4000)}</bdi>
      </pre>
    </CardBody>
  </Card>
);
