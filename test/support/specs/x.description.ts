import type { XDialect } from '../../../sandbox/sandbox.options.ts'
import { type Description, headerFault } from './exchange.ts'
import { openApiDescription } from './openapi.ts'
import type { Refuse } from './recording-proxy.ts'
import { readReference } from './reference.ts'

const files: Record<XDialect, string> = {
  tweet: 'openapi-pre-rename-20260706.json',
  post: 'openapi-xdevplatform-docs.json',
}

/** X's own document: 2.166 with the old words, 2.167 with the new ones. */
export function xDescription(dialect: XDialect): Description {
  const of = (name: XDialect) =>
    openApiDescription({ spec: readReference('specs', 'x', files[name]) })
  const described = of(dialect)
  // 2.167 leaves out the "about:blank" problem, which is what X's gateway says to a wrong token.
  const failures = of('tweet')
  return {
    request: (request) => [
      ...described.request(request),
      ...headerFault(request, 'authorization', /^Bearer \S+$/),
    ],
    response: (exchange) => (exchange.status === 200 ? described : failures).response(exchange),
  }
}

/**
 * X as strict as 2.167 reads: fields that it does not list are refused, in the form that X has for
 * it. The adapter is to find the words that are taken.
 */
export const strictly =
  (description: Description): Refuse =>
  (request) => {
    const { searchParams } = request.url
    const fields = [...searchParams].filter(([name]) => /^(tweet|post)\.fields$/.test(name))
    const without = new URL(request.url)
    for (const [name] of fields) without.searchParams.delete(name)
    const itself = description.request(request).length
    if (fields.length === 0 || itself === description.request({ ...request, url: without }).length)
      return null
    const parameters = Object.fromEntries(fields.map(([name, value]) => [name, [value]]))
    const answer = {
      errors: [{ parameters, message: 'One or more of these names is not known.' }],
      title: 'Invalid Request',
      detail: 'One or more parameters to your request was invalid.',
      type: 'https://api.x.com/2/problems/invalid-request',
    }
    return { status: 400, answer }
  }
