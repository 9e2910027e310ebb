import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FailureCause } from "./failure-cause.tsx";

const FAILURE = {
  cluster: "prod",
  group: "payments",
  originalTopic: "orders",
  originalPartition: 3,
  originalOffset: "91204",
  stack: null,
  rootCauseClass: null,
  exceptionClass: null,
  message: null,
};
const VIEW = { row: { kind: "error_event", rootCauseClass: null, message: null }, series: [] };

describe("the cause of a failure", () => {
  it("names the event and the group that an error event came from, as a sentence", () => {
    renderPage(<FailureCause failure={FAILURE as never} view={VIEW as never} />);
    assert.match(document.body.textContent, /Caused by orders\[3\] @ 91,204 in the group payments\. This is/);
  });
});
