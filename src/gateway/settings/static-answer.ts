// What may be in an answer that the settings give as it is written.
import { gatewayOnly } from '../../contract/headers.ts'
import type { Problem } from '../../kernel/errors.ts'
import { shown } from '../../kernel/validation.ts'
import { isHeaderName, isHeaderValue } from './header-syntax.ts'

// What frames an answer, and what only the gateway may say, is set for each answer.
const NOT_STATIC = new Set([...gatewayOnly, 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'trailer'])
const BODILESS = new Set([204, 205, 304])

/** `path`: of the answer among the settings. */
export function answerProblems(path: string, answer: { status: number; headers: Record<string, string>; body: unknown }): Problem[] {
  const problems: Problem[] = []
  for (const [name, value] of Object.entries(answer.headers)) {
    const place = `${path}.headers.${isHeaderName(name) ? name : shown(name)}`
    if (!isHeaderName(name)) problems.push({ path: place, message: 'is not the name of a header' })
    else if (NOT_STATIC.has(name.toLowerCase())) problems.push({ path: place, message: 'is set by the gateway itself; leave it out' })
    else if (!isHeaderValue(name, value))
      problems.push({ path: place, message: `has characters that no header may have, got ${shown(value)}` })
  }
  if (BODILESS.has(answer.status) && answer.body !== '' && answer.body !== null)
    problems.push({ path: `${path}.body`, message: `must be "" or null: an answer of status ${answer.status} has no body` })
  return problems
}
