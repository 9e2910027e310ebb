/**
 * What alerts are sent to in tests: a web server and a mail server on loopback that remember everything, and can be
 * told to misbehave.
 */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

export interface Received {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** of JSON; a test reads what it expects to be there */
  readonly json: Record<string, unknown>;
}

type Behaviour = number | "hang" | { readonly status: number; readonly headers: Record<string, string> };

export interface HttpReceiver {
  readonly url: string;
  readonly received: Received[];
  /** How the next requests to a path are answered; then with 200 again. */
  answerNext(path: string, ...behaviours: Behaviour[]): void;
  of(path: string): Received[];
  close(): Promise<void>;
}

export async function startHttpReceiver(): Promise<HttpReceiver> {
  const received: Received[] = [];
  const next = new Map<string, Behaviour[]>();
  const server = http.createServer((request, response) => {
    const path = request.url ?? "";
    // For a test in another process.
    if (request.method === "GET") return void response.end(JSON.stringify(received));
    void text(request).then((body) => {
      received.push({ path, headers: request.headers, text: body, json: JSON.parse(body) as Record<string, unknown> });
      const behaviour = next.get(path)?.shift() ?? 200;
      if (behaviour === "hang") return;
      const { status, headers } = typeof behaviour === "number" ? { status: behaviour, headers: {} } : behaviour;
      response.writeHead(status, headers).end(status >= 400 ? "not today" : "ok");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answerNext: (path, ...behaviours) => void next.set(path, [...(next.get(path) ?? []), ...behaviours]),
    of: (path) => received.filter((one) => one.path === path),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export interface MailReceiver {
  readonly port: number;
  readonly mails: { readonly from: string; readonly to: readonly string[]; readonly source: string }[];
  /** the next mails are refused with these replies */
  refuseNext(...codes: number[]): void;
  close(): Promise<void>;
}

export async function startMailReceiver(): Promise<MailReceiver> {
  const mails: { from: string; to: readonly string[]; source: string }[] = [];
  const refusals: number[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === "flowtap" && password === "s3cret" ? done(null, { user: username }) : done(new Error("who are you")),
    onData: (stream, session, done) => {
      void text(stream).then((source) => {
        const code = refusals.shift();
        if (code !== undefined) return done(Object.assign(new Error("not today"), { responseCode: code }));
        mails.push({
          from: session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map(({ address }) => address),
          source,
        });
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuseNext: (...codes) => void refusals.push(...codes),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
