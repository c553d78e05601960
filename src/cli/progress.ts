import process from 'node:process'

export type Progress = { to: (done: number, all: number) => void; end: () => void }

const cells = 30
const everyShare = 0.005

/** A bar on standard error while long work runs; silent where nobody looks. `end` clears the line. */
export function openProgress(label: string): Progress {
  const { stderr } = process
  if (!stderr.isTTY) return { to: () => {}, end: () => {} }
  let shown = -1
  return {
    to: (done, all) => {
      const share = all > 0 ? Math.min(1, done / all) : 1
      if (share < 1 && share - shown < everyShare) return
      shown = share
      const full = Math.round(share * cells)
      const percent = `${Math.floor(share * 100)}`.padStart(3)
      stderr.write(`\r${label} ${'█'.repeat(full)}${'░'.repeat(cells - full)} ${percent} %`)
    },
    end: () => {
      // What is drawn next is drawn whatever it shows.
      shown = -1
      stderr.write('\r\u001b[K')
    },
  }
}
