export type Answer = {
  status: number
  headers: Record<string, string>
  body: string
  /** What the call costs in the platform's own unit; the route knows, the log keeps it. */
  cost?: number
}

export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
})

export const htmlAnswer = (
  status: number,
  title: string,
  words: string,
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
  body: `<!doctype html>\n<html>\n  <head><title>${title}</title></head>\n  <body>\n    <h1>${title}</h1>\n    <p>${words}</p>\n  </body>\n</html>\n`,
})

export const withHeaders = (answer: Answer, headers: Record<string, string>): Answer => ({
  ...answer,
  headers: { ...answer.headers, ...headers },
})
