// Placeholders in what a project's config says of its gateway: each must be known before anything is started.
import { readFileSync } from 'node:fs'
import type { Problem } from '../kernel/errors.ts'
import { placeholderNames, placeholderProblems } from '../plan/placeholders.ts'
import type { ProjectGateway } from './project.ts'

/** One problem for each that is not known, and for each template that cannot be read. */
export function checkPlaceholders({ choice, setup, headers }: ProjectGateway, upstreams: readonly string[]): Problem[] {
  const { env = {}, files = {} } = setup
  const known = placeholderNames(upstreams, Object.keys(files))
  const inHeaders = placeholderNames(upstreams)
  const unknownIn = (path: string, text: string, names: readonly string[] = known): Problem[] =>
    placeholderProblems(text, names).map((message) => ({ path, message }))
  return [
    ...(choice?.kind === 'command' ? unknownIn('gateway.command', choice.command) : []),
    ...Object.entries(env).flatMap(([name, text]) => unknownIn(`gateway.env.${name}`, text)),
    ...Object.entries(headers).flatMap(([name, text]) => unknownIn(`gateway.headers.${name}`, text, inHeaders)),
    ...Object.entries(files).flatMap(([name, template]) => {
      const path = `gateway.files.${name}`
      const text = textOf(template)
      return typeof text === 'string'
        ? unknownIn(path, text)
        : [{ path, message: `the template ${template} cannot be read: ${text.message}` }]
    }),
  ]
}

function textOf(file: string): string | Error {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    return cause as Error
  }
}
