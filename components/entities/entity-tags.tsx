import { plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { EntityView } from "#lib/contracts/entities.ts";

/** How many events and topics an entity has, and over what time; whether it is deleted. */
export function EntityTags({ view }: { readonly view: EntityView }) {
  const first = view.timeline[0];
  const last = view.timeline.at(-1);
  return (
    <>
      {last?.tombstone === true && <Tag tone="bad">DELETED</Tag>}
      <span className="text-mut">
        {plural(view.timeline.length, "event")}
        {view.earlierLeftOut && " and earlier ones"} · {plural(view.topics.length, "topic")}
        {first !== undefined && last !== undefined && (
          <>
            {" "}
            · <RelativeTime at={first.at} /> to <RelativeTime at={last.at} />
          </>
        )}
      </span>
    </>
  );
}
