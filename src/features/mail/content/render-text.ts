import type { RenderInput } from './render-input.ts'
import { safeText } from './safe-text.ts'

const width = 76

/** Breaks at spaces alone: a link stays whole. */
function wrapped(paragraph: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, line].join('\n')
}

/** The mail as plain text, which is what many people and all screen readers like best. */
export function renderText({ content, link, validity, footer }: RenderInput): string {
  const { name, before, facts = [], action, after } = content
  const labels = Math.max(0, ...facts.map(([label]) => label.length))
  const blocks = [
    name ? `Hello ${safeText(name)},` : 'Hello,',
    ...before.map(wrapped),
    ...(facts.length > 0
      ? [facts.map(([label, value]) => `  ${`${label}:`.padEnd(labels + 2)}${value}`).join('\n')]
      : []),
    ...(action && link ? [`${action}:\n${link.url}`, wrapped(validity ?? '')] : []),
    ...after.map(wrapped),
    `--\u0020\n${footer.map(wrapped).join('\n')}`,
  ]
  return `${blocks.join('\n\n')}\n`
}
