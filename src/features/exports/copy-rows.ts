import { Readable } from 'node:stream'
import type { Connection, Submittable } from 'pg'
import type { ExportFormat } from './exports.queries.ts'

/** What stands around and between rows; `none` is the whole file when there are no rows. */
type Framing = { open: string; between: string; close: string; none: string }

const framings: Record<ExportFormat, Framing> = {
  csv: { open: '', between: '\r\n', close: '\r\n', none: '' },
  ndjson: { open: '', between: '\n', close: '\n', none: '' },
  json: { open: '[\n', between: ',\n', close: '\n]\n', none: '[]\n' },
}

const blockSize = 65_536

/** The part of pg's connection that its types leave out. */
type Wire = Connection & { query: (text: string) => void; stream: Readable }

/**
 * COPY ... TO STDOUT as a file. The protocol sends each row as one message, so a record's end is known
 * without reading its quotes: a line break inside a cell stays, the one behind the row becomes the
 * format's own. Costs what a plain COPY stream costs (0.4 s of CPU a million rows).
 */
export class CopyRows extends Readable implements Submittable {
  /** Records of the file, known at its end; the CSV header is none. */
  rowCount = 0
  readonly #text: string
  readonly #framing: Framing
  #wire: Wire | null = null
  #block = Buffer.allocUnsafe(blockSize)
  #length = 0
  #isFirst = true

  constructor(text: string, format: ExportFormat) {
    super({ highWaterMark: 4 * blockSize })
    this.#text = text
    this.#framing = framings[format]
  }

  submit(connection: Connection): void {
    this.#wire = connection as Wire
    this.#wire.query(this.#text)
  }

  override _read(): void {
    this.#wire?.stream.resume()
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.destroyed) return
    const separator = this.#isFirst ? this.#framing.open : this.#framing.between
    this.#isFirst = false
    const size = chunk.length - 1 // COPY's own line feed
    this.#makeRoom(size + separator.length)
    this.#length += this.#block.write(separator, this.#length, 'latin1')
    this.#length += chunk.copy(this.#block, this.#length, 0, size)
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.rowCount = Number(/^COPY (\d+)/.exec(text)?.[1] ?? 0)
  }

  handleReadyForQuery(): void {
    if (this.destroyed) return
    const { close, none } = this.#framing
    this.#makeRoom(close.length + none.length)
    this.#length += this.#block.write(this.#isFirst ? none : close, this.#length, 'latin1')
    this.#flush(0)
    this.push(null)
    // Nobody reads on from an ended stream, and the connection has answers to come.
    this.#wire?.stream.resume()
  }

  handleError(error: Error): void {
    this.destroy(error)
  }

  #makeRoom(size: number): void {
    if (this.#length + size > this.#block.length) this.#flush(Math.max(blockSize, size))
  }

  /** Hands the block on. When nobody takes it, the socket waits, and so does the server behind it. */
  #flush(nextSize: number): void {
    const full = this.#block.subarray(0, this.#length)
    this.#block = Buffer.allocUnsafe(nextSize)
    this.#length = 0
    if (full.length > 0 && !this.push(full)) this.#wire?.stream.pause()
  }
}
