/** Two pages that are served without Next, to people who are not signed in and may not see anything else. */
const escape = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
const META = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Flowtap</title>';
const page = (head: string, body: string) =>
  `<!doctype html><html lang="en"><head>${META}${head}</head><body>${body}</body></html>`;

const WHY_CLOSED = "No access token is configured, so nobody can sign in.";
const WHAT_TO_DO = "Name at least one in the configuration and start Flowtap again:";

export const closedPage = () =>
  page(
    "",
    `<main><h1>Flowtap is closed</h1><p>${WHY_CLOSED} ${WHAT_TO_DO}</p>
<pre>access:
  tokens:
    - { name: ops, role: operator, token: "\${FLOWTAP_OPS_TOKEN}" }
    - { name: team, role: viewer, token: "\${FLOWTAP_TEAM_TOKEN}" }</pre>
<p>Tokens have at least 16 characters; <code>openssl rand -hex 24</code> makes a good one.</p></main>`,
  );

export const comeAgainPage = (url: string) =>
  page(`<meta http-equiv="refresh" content="0;url=${escape(url)}">`, `<p><a href="${escape(url)}">Go on</a></p>`);
