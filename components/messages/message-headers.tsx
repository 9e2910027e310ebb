import { BrokerText } from "#components/ui/broker-text.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { MessageView } from "#lib/contracts/events.ts";

/** The headers of a message, each of which can be copied. */
export function MessageHeaders({ headers }: { readonly headers: MessageView["headers"] }) {
  if (headers.length === 0) return <p className="text-dim">No headers.</p>;
  return (
    <table className="w-full border-collapse">
      <tbody>
        {headers.slice(0, 200).map((header, i) => (
          <tr key={i} className="group border-b border-line/70 last:border-b-0">
            <th scope="row" className="w-2/5 py-1.5 pr-3 text-left align-top font-normal break-all text-mut">
              <BrokerText mono text={header.name} maxLength={100} />
            </th>
            <td className="py-1.5 align-top break-all">
              <BrokerText mono text={header.value} maxLength={600} />
            </td>
            <td className="w-7 align-top">
              <CopyButton
                what={`the header ${header.name.slice(0, 60)}`}
                value={header.value}
                className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
