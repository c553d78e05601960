import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { problemDocument } from './problem.ts'
import type { Problem } from './problem-codes.ts'

const tooSlow: Problem = {
  status: 408,
  code: 'request_timeout',
  detail: 'The request did not arrive in time.',
}
const tooManyHeaders: Problem = {
  status: 431,
  code: 'headers_too_large',
  detail: 'The headers are too large, or too many.',
}
const broken: Problem = { status: 400, code: 'invalid_input', detail: 'The request is broken.' }

const problemFor = (code: string | undefined): Problem => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooSlow
  return code === 'HPE_HEADER_OVERFLOW' ? tooManyHeaders : broken
}

const words: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

/** What never becomes a request for the application gets the same face as all else, and is cut off. */
export function answerBrokenRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Half an answer may be out already, or nobody is there to read one.
    if (!socket.writable || error.code === 'ECONNRESET' || socket.bytesWritten > 0) {
      socket.destroy()
      return
    }
    const problem = problemFor(error.code)
    const requestId = randomUUID()
    const body = JSON.stringify(problemDocument(problem, '', requestId))
    const head = [
      `HTTP/1.1 ${problem.status} ${words[problem.status]}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      'X-Content-Type-Options: nosniff',
      'Cache-Control: no-store',
      'Connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  })
}
