import { Segmented } from "#components/ui/segmented.tsx";
import type { RedriveChoice } from "./redrive-choice.ts";
import { Field } from "./plan-fields.tsx";

interface RedriveTimeProps {
  readonly time: RedriveChoice["time"];
  readonly onTime: (time: RedriveChoice["time"]) => void;
}
/** Which time the events are sent with. */
export const RedriveTime = ({ time, onTime }: RedriveTimeProps) => (
  <Field label="Time of the events">
    <Segmented
      aria-label="Time of the events"
      className="self-start"
      value={time}
      onValueChange={onTime}
      options={[
        { value: "now", label: "of sending" },
        { value: "original", label: "of the original" },
      ]}
    />
    {time === "original" && (
      <span className="text-xs text-dim">
        For consumers that go by the time of an event. A topic deletes at once what its retention has passed.
      </span>
    )}
  </Field>
);
