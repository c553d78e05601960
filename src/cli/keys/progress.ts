/** `1,200 of 4,000, 310 a second`: redrawn on a terminal, and nothing elsewhere. */
export function progressLine(what: string) {
  const { isTTY } = process.stderr
  const started = performance.now()
  let drawnAt = 0
  let last = ''
  const draw = () => process.stderr.write(`\r\u001b[2K${last}`)
  return {
    update: (done: number, total: number | null) => {
      const seconds = (performance.now() - started) / 1_000
      const rate = Math.round(done / Math.max(seconds, 0.001)).toLocaleString('en')
      const of = total === null ? '' : ` of ${total.toLocaleString('en')}`
      last = `${what}: ${done.toLocaleString('en')}${of}, ${rate} a second`
      if (!isTTY || performance.now() - drawnAt < 100) return
      drawnAt = performance.now()
      draw()
    },
    end: () => {
      if (!isTTY || last === '') return
      draw()
      process.stderr.write('\n')
    },
  }
}
