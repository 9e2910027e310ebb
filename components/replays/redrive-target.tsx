import { BrokerText } from "#components/ui/broker-text.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Input } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import { TARGET_GROUP_HEADER } from "#lib/domain/replay/one-group.ts";
import type { RedriveChoice } from "./redrive-choice.ts";

interface RedriveTargetProps {
  readonly choice: RedriveChoice;
  readonly onChoice: (change: Partial<RedriveChoice>) => void;
  readonly groups: readonly string[];
  /** they are dead letters, and nothing else */
  readonly deadLetters: boolean;
}
/** Who receives the events: everybody who reads the topic, one group, or nobody. */
export function RedriveTarget({ choice, onChoice, groups, deadLetters }: RedriveTargetProps) {
  const { goesTo, forGroup } = choice;
  return (
    <>
      <div className="flex flex-col gap-1">
        <span className="text-xs font-medium text-mut">Recipients</span>
        <Segmented
          aria-label="Recipients"
          className="max-w-full self-start overflow-x-auto"
          value={goesTo}
          onValueChange={(next) => onChoice({ goesTo: next })}
          options={[
            { value: "topic", label: "everybody who reads the topic" },
            { value: "group", label: "one group" },
            { value: "sandbox", label: "nobody: a sandbox topic" },
          ]}
        />
        {goesTo === "topic" && !deadLetters && (
          <span className="text-xs text-warn">
            Every group that reads the topic gets these events again, also those that had consumed them well.
          </span>
        )}
        {goesTo === "group" && (
          <span className="text-xs text-dim">
            By the retry topic that only this group reads, where it has one; else to the topic they came from with the
            header {TARGET_GROUP_HEADER}, on which the other groups must filter (docs/replay-filter.md).
          </span>
        )}
        {goesTo === "sandbox" && (
          <span className="text-xs text-dim">
            To debug with: a topic that no group reads. Nothing counts as replayed, and there is no outcome to wait for.
          </span>
        )}
      </div>
      {goesTo === "group" && (
        <div className="flex flex-col gap-1">
          <span className="text-xs font-medium text-mut">Group</span>
          {groups.length > 0 ? (
            <Select
              aria-label="The group it is for"
              value={forGroup ?? ""}
              onValueChange={(name) => onChoice({ forGroup: name })}
              options={[
                ...(forGroup === null ? [{ value: "", label: "Choose one" }] : []),
                ...groups
                  .slice(0, 100)
                  .map((name) => ({ value: name, label: <BrokerText text={name} maxLength={60} /> })),
              ]}
            />
          ) : (
            <Input
              aria-label="The group it is for"
              className="font-mono text-xs"
              value={forGroup ?? ""}
              maxLength={255}
              onChange={(event) => onChoice({ forGroup: event.target.value === "" ? null : event.target.value })}
            />
          )}
        </div>
      )}
      {goesTo === "topic" && (
        <label className="flex flex-col gap-1">
          <span className="text-xs font-medium text-mut">Send to</span>
          <Input
            className="font-mono text-xs"
            value={choice.targetTopic}
            maxLength={249}
            placeholder="each one’s original topic"
            onChange={(event) => onChoice({ targetTopic: event.target.value })}
          />
        </label>
      )}
      {goesTo === "sandbox" && (
        <div className="flex flex-col gap-1.5">
          <label className="flex flex-col gap-1">
            <span className="text-xs font-medium text-mut">Sandbox topic</span>
            <Input
              className="font-mono text-xs"
              value={choice.sandbox}
              maxLength={249}
              placeholder="debug-orders"
              onChange={(event) => onChoice({ sandbox: event.target.value })}
            />
          </label>
          <label className="flex items-center gap-2 text-mut">
            <Checkbox
              checked={choice.createSandbox}
              onCheckedChange={(on) => onChoice({ createSandbox: on === true })}
            />{" "}
            Create it when the replay is run, if it is not there, with as many partitions as the source
          </label>
        </div>
      )}
    </>
  );
}
