import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export type FileDigest = {
  sha256: string
  /** true: an ONNX file with an operator that takes its int8 scale from the whole batch. */
  scalesByBatch: boolean
}

const operator = Buffer.from('DynamicQuantizeLinear')

/** Reads a file once, a piece at a time: weights can be half a gigabyte. */
export async function digestFile(file: string): Promise<FileDigest> {
  const hash = createHash('sha256')
  let scalesByBatch = false
  let tail = Buffer.alloc(0)
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(piece)
    // The name may lie across two pieces.
    scalesByBatch ||= Buffer.concat([tail, piece]).includes(operator)
    tail = piece.subarray(-operator.length)
  }
  return { sha256: hash.digest('hex'), scalesByBatch }
}
