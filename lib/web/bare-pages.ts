/** Two pages that stand without Next: they are shown to people who may not see anything yet. */
const escape = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
const page = (head: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Flowtap</title>${head}</head><body>${body}</body></html>`;

export const closedPage = () =>
  page(
    "",
    `<main><h1>Flowtap is closed</h1><p>No access token is configured, so nobody can sign in. Name at least one in the configuration and start Flowtap again:</p>
<pre>access:
  tokens:
    - { name: ops, role: operator, token: "\${FLOWTAP_OPS_TOKEN}" }
    - { name: team, role: viewer, token: "\${FLOWTAP_TEAM_TOKEN}" }</pre>
<p>Tokens have at least 16 characters; <code>openssl rand -hex 24</code> makes a good one.</p></main>`,
  );

export const comeAgainPage = (url: string) =>
  page(`<meta http-equiv="refresh" content="0;url=${escape(url)}">`, `<p><a href="${escape(url)}">Go on</a></p>`);
