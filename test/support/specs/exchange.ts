import type { IncomingHttpHeaders } from 'node:http'

/** One request as an adapter sent it. */
export type Sent = {
  method: string
  url: URL
  headers: IncomingHttpHeaders
  form: URLSearchParams
}

/** A request and the answer that it got. */
export type Exchange = Sent & {
  status: number
  /** The parsed JSON; undefined where it was none. */
  answer: unknown
}

/** What a description says of an exchange: nothing is wrong, or one sentence for each fault. */
export type Description = {
  request: (sent: Sent) => string[]
  response: (exchange: Exchange) => string[]
}

/** Names as they stand in a query, each with all of its values. */
export const valuesIn = (query: URLSearchParams): [name: string, values: string[]][] =>
  [...new Set(query.keys())].map((name) => [name, query.getAll(name)])

/** A header that must be there, in a form that the platform documents. */
export const headerFault = ({ headers }: Sent, name: string, form: RegExp): string[] => {
  const value = headers[name]
  if (typeof value === 'string' && form.test(value)) return []
  return [
    `the header ${name} is ${value === undefined ? 'missing' : 'not of the form it must have'}`,
  ]
}
