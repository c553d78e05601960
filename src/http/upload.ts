import type { Request } from 'express'
import { AppError, type FieldProblem } from '../core/errors.ts'
import { HttpProblem } from './problem.ts'
import type { UploadRule } from './route.ts'

const tooLarge = (maxBytes: number) =>
  new AppError('payload_too_large', `This file may have at most ${maxBytes / 1_048_576} MB.`)

const unsupported = (detail: string) =>
  new HttpProblem({ status: 415, code: 'unsupported_media_type', detail })

/** The file that is the request's body, taken chunk by chunk and never beyond its limit. */
export async function readUpload(request: Request, rule: UploadRule): Promise<Buffer> {
  const { types, maxBytes } = rule
  if (!request.is([...types])) {
    throw unsupported(`The file is the body itself, sent as ${types.join(' or ')}.`)
  }
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw unsupported('A file is sent without a Content-Encoding.')
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const file = await collect(request, maxBytes)
  if (file.length > 0) return file
  const message = 'must not be empty'
  const fields: FieldProblem[] = [{ in: 'body', pointer: '', message }]
  throw new AppError('invalid_input', `The file ${message}.`, { fields })
}

/** Not by `for await`: leaving one early destroys the connection before the refusal is out. */
function collect(request: Request, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const end = (settle: () => void) => {
      request.off('data', take).off('end', done).off('error', fail).off('close', broken)
      settle()
    }
    const take = (chunk: Buffer) => {
      length += chunk.length
      chunks.push(chunk)
      if (length <= maxBytes) return
      chunks.length = 0
      request.resume()
      end(() => reject(tooLarge(maxBytes)))
    }
    const done = () => end(() => resolve(Buffer.concat(chunks, length)))
    const broken = () => fail(new AppError('invalid_input', 'The file did not arrive whole.'))
    const fail = (error: Error) => end(() => reject(error))
    request.on('data', take).on('end', done).on('error', fail).on('close', broken)
  })
}
