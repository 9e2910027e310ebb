import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { openAuthority } from "#e2e/stack/certificates.ts";
import type { ChannelOf } from "#lib/config/alert-channels.ts";
import type { Attempt } from "#lib/domain/alert/attempts.ts";
import { testMessage } from "#lib/domain/alert/message.ts";
import { sendEmail } from "./send-email.ts";

type Smtp = ChannelOf<"email">["smtp"];
const authority = openAuthority("Flowtap's tests");
const folder = mkdtempSync(path.join(tmpdir(), "flowtap-mail-"));
const fileOf = (name: string, content: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};
const ours = fileOf("ours.pem", authority.certificate);
const others = fileOf("others.pem", openAuthority("somebody else").certificate);

/**
 * A mail server on loopback that takes mail only from whoever knows the password, and notes whether it came over TLS.
 */
async function startServer(options: SMTPServerOptions, validUntil?: Date) {
  const mails: { readonly secure: boolean; readonly user: string; readonly source: string }[] = [];
  const { key, certificate } = authority.issue("mail.example", validUntil);
  const server = new SMTPServer({
    key,
    cert: certificate,
    onAuth: ({ username, password }, _session, done) =>
      password === "s3cret"
        ? done(null, { user: username ?? "" })
        : done(Object.assign(new Error("5.7.8 who are you\0"), { responseCode: 535 })),
    onData: (stream, session, done) =>
      void text(stream).then(
        (source) => (mails.push({ secure: session.secure, user: String(session.user), source }), done()),
      ),
    ...options,
  });
  // Handshakes that fail are what is tested.
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

describe("mail over TLS", () => {
  let servers: Record<"starttls" | "tls" | "expired" | "plain", Awaited<ReturnType<typeof startServer>>>;
  before(async () => {
    const [starttls, tls, expired, plain] = await Promise.all([
      startServer({}),
      startServer({ secure: true }),
      startServer({ secure: true }, new Date(Date.now() - 60_000)),
      startServer({ disabledCommands: ["STARTTLS"] }),
    ]);
    servers = { starttls, tls, expired, plain };
  });
  after(async () => {
    await Promise.all(Object.values(servers).map((server) => server.close()));
    rmSync(folder, { recursive: true });
  });

  const send = (to: keyof typeof servers, change: Partial<Smtp>): Promise<Attempt> => {
    const smtp: Smtp = {
      host: "127.0.0.1",
      port: servers[to].port,
      security: "starttls",
      user: "flowtap",
      password: "s3cret",
      caFile: ours,
      ...change,
    };
    return sendEmail(
      { name: "mail", kind: "email", smtp, from: "Flowtap <flowtap@x.example>", to: ["on-call@x.example"] },
      {
        id: 1n,
        channel: "mail",
        kind: "test",
        dedupKey: "key",
        message: testMessage("mail", "ops", "https://flowtap.example"),
        attempts: 1,
        createdAtMs: 0,
      },
    );
  };

  for (const [to, host] of [
    ["starttls", "127.0.0.1"],
    ["tls", "localhost"],
  ] as const) {
    it(`is sent by ${to} to a server of our own authority, with its login`, async () => {
      assert.deepEqual(await send(to, { security: to, host }), { outcome: "sent" });
      const [mail] = servers[to].mails;
      assert.deepEqual([mail?.secure, mail?.user], [true, "flowtap"]);
      assert.match(mail?.source ?? "", /Test of the channel mail/);
    });
  }

  for (const [why, to, change, outcome, words] of [
    [
      "the login is refused",
      "starttls",
      { password: "guess" },
      "refused",
      /refuses the login of flowtap \(535 .*who are you.*\); check smtp\.user and smtp\.password/,
    ],
    [
      "no authority is named",
      "starttls",
      { caFile: undefined },
      "again",
      /not trusted here; name that authority's certificate in smtp\.caFile/,
    ],
    ["another authority is named", "tls", { security: "tls", caFile: others }, "again", /not trusted here/],
    ["its certificate has expired", "expired", { security: "tls" }, "again", /certificate has expired/],
    ["it speaks TLS only after STARTTLS", "starttls", { security: "tls" }, "again", /set smtp\.security to starttls/],
    ["it has no STARTTLS", "plain", {}, "refused", /does not offer STARTTLS/],
    ["it wants TLS before a login", "starttls", { security: "none" }, "refused", /takes a login only over TLS/],
    [
      "it wants TLS from the first byte",
      "tls",
      {},
      "again",
      /not done within 10 s; if its port expects TLS from the first byte, set smtp\.security to tls/,
    ],
    ["nobody is there", "starttls", { port: 9 }, "again", /the mail server 127\.0\.0\.1:9: connect ECONNREFUSED/],
  ] as const) {
    it(`is not sent, and says so, when ${why}`, async () => {
      const taken = servers[to].mails.length;
      const attempt = await send(to, change);
      assert.equal(attempt.outcome, outcome);
      assert.match("error" in attempt ? attempt.error : "", words);
      assert.equal(servers[to].mails.length, taken, "nothing goes out unencrypted");
    });
  }
});
