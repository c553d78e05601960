import type { RenderInput } from './render-input.ts'
import { safeText } from './safe-text.ts'

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '')

/** Our own links are in our own sentences; names cannot hold one any more. */
const withLinks = (text: string) =>
  escapeHtml(text).replace(
    /https?:\/\/[^\s<]+/g,
    (url) => `<a href="${url}" style="color:#0b57d0">${url}</a>`,
  )

/** Mail programs know inline styles; those that know this one as well have a dark side. */
const dark = `@media (prefers-color-scheme: dark) {
  body, .page { background: #16181c !important }
  .sheet { background: #1f2227 !important; border-color: #33373e !important }
  .sheet p, .sheet td, .sheet h1 { color: #e6e8eb !important }
  .sheet .quiet, .quiet { color: #a3a9b3 !important }
  .sheet a { color: #9cc2ff !important }
  .sheet a.action { color: #0b1a33 !important; background: #9cc2ff !important }
}`

const font =
  "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const paragraph = (html: string, quiet = false) =>
  `<p${quiet ? ' class="quiet"' : ''} style="margin:0 0 16px;font-size:${quiet ? 14 : 16}px;line-height:1.5;color:${quiet ? '#5b616b' : '#1f2328'}">${html}</p>`

const factRow = ([label, value]: [string, string]) =>
  `<tr><td class="quiet" style="padding:2px 16px 2px 0;font-size:14px;color:#5b616b;vertical-align:top;white-space:nowrap">${escapeHtml(label)}</td><td style="padding:2px 0;font-size:14px;color:#1f2328">${escapeHtml(value)}</td></tr>`

const button = (label: string, url: string) =>
  `<p style="margin:24px 0 12px"><a class="action" href="${escapeHtml(url)}" style="display:inline-block;padding:12px 22px;border-radius:8px;background:#0b57d0;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none">${escapeHtml(label)}</a></p>`

function bodyOf({ content, link, validity }: RenderInput): string {
  const { name, before, facts = [], action, after } = content
  return [
    paragraph(name ? `Hello ${escapeHtml(safeText(name))},` : 'Hello,'),
    ...before.map((text) => paragraph(withLinks(text))),
    ...(facts.length > 0
      ? [
          `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px">${facts.map(factRow).join('')}</table>`,
        ]
      : []),
    ...(action && link
      ? [
          button(action, link.url),
          paragraph(escapeHtml(validity ?? ''), true),
          paragraph(
            `If the button does nothing, copy this into your browser:<br><a href="${escapeHtml(link.url)}" style="color:#0b57d0;word-break:break-all">${escapeHtml(link.url)}</a>`,
            true,
          ),
        ]
      : []),
    ...after.map((text) => paragraph(withLinks(text))),
  ].join('\n')
}

/** One quiet page: no image, no script, nothing that is fetched, so opening it tells nobody. */
export const renderHtml = (input: RenderInput): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(input.content.subject)}</title>
<style>${dark}</style>
</head>
<body style="margin:0;background:#f4f5f7;${font}">
<div class="page" style="background:#f4f5f7;padding:32px 16px">
<div class="sheet" style="max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border:1px solid #e1e4e8;border-radius:12px">
<h1 style="margin:0 0 24px;font-size:20px;line-height:1.3;color:#1f2328">${escapeHtml(input.content.subject)}</h1>
${bodyOf(input)}
</div>
<p class="quiet" style="max-width:560px;margin:16px auto 0;padding:0 32px;font-size:13px;line-height:1.5;color:#5b616b">${input.footer.map(escapeHtml).join('<br>')}</p>
</div>
</body>
</html>
`
