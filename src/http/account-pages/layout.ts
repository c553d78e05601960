/** What the script of a page shows one of: the first that has no `hidden`. */
export type Page = {
  path: string
  title: string
  /** Name of its script under assets. */
  script: string
  body: string
}

/** A page without any script or style of its own in it: the policy allows none. */
export const htmlOf = (
  { title, script, body }: Page,
  publicDocs: boolean,
): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Earshot</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/account/assets/account.css">
<script type="module" src="/account/assets/${script}"></script>
</head>
<body>
<main>
<p class="brand">Earshot</p>
<h1>${title}</h1>
<noscript><p>This page needs JavaScript, which your browser has turned off.</p></noscript>
<p id="notice" role="status" aria-live="polite" hidden></p>
${body}
</main>
${publicDocs ? '<footer><a href="/docs">Documentation of the API</a></footer>' : ''}
</body>
</html>
`

/** What is shown when the address holds no token: somebody typed it, or the link was cut in two. */
export const noToken = (what: string) => `<section data-state="empty" hidden>
<p>${what}</p>
</section>`

type Field = {
  id: string
  label: string
  type: 'email' | 'password' | 'text'
  autocomplete: string
  hint?: string
  optional?: boolean
}

export const field = ({
  id,
  label,
  type,
  autocomplete,
  hint,
  optional,
}: Field) => `<div class="field">
<label for="${id}">${label}</label>
${hint ? `<p class="hint" id="${id}-hint">${hint}</p>\n` : ''}<input id="${id}" name="${id}" type="${type}" autocomplete="${autocomplete}" aria-describedby="${hint ? `${id}-hint ` : ''}${id}-problem"${optional ? '' : ' required'}${type === 'text' ? ' inputmode="text" spellcheck="false" autocapitalize="off"' : ''}>
<p class="problem" id="${id}-problem" hidden></p>
</div>`

export const codeField = field({
  id: 'code',
  label: 'Code of your second factor',
  type: 'text',
  autocomplete: 'one-time-code',
  hint: 'Six digits from your authenticator app, or a recovery code.',
  optional: true,
})
