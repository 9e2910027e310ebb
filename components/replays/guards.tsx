import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { durationSeconds, plural, rate } from "#components/ui/format.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";

/** What keeps a redrive from doing harm. */
export const Guards = ({ preview }: { readonly preview: RedrivePreview }) => (
  <Card>
    <CardHeader title="Guards" />
    <CardBody className="flex flex-col gap-1 text-mut">
      <p>
        at most <b className="font-semibold text-text">{rate(preview.ratePerSecond)}/s</b> · order per key kept
      </p>
      <p>each event once, also after a crash</p>
      <p>sent in batches, each one Kafka transaction; Pause and Stop act between two of them</p>
      {preview.canary.items > 0 && (
        <p>
          first {plural(preview.canary.items, "event")}, the rest when{" "}
          {preview.canary.items === 1 ? "it is" : "they are"} seen consumed; after{" "}
          {durationSeconds(preview.canary.timeoutSeconds)} without that it{" "}
          {preview.canary.then === "pause" ? "pauses" : "goes on"}
        </p>
      )}
      {preview.to.how === "sandbox" ? (
        <p>nobody is to consume it: no event goes first, and no outcome is waited for</p>
      ) : (
        <p>
          pauses by itself when more than {Math.round(preview.stopAbove * 100)} % of the latest fail again, or the group
          stops consuming
        </p>
      )}
    </CardBody>
  </Card>
);
