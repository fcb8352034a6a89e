// Reads a description of an API: JSON or YAML, OpenAPI 3 or Swagger 2, in one file or several. What comes back is OpenAPI 3.1.
import { upgrade } from '@scalar/openapi-upgrader'
import { GatecrashError, type Problem, problemsError } from '../../../kernel/errors.ts'
import { check, shown } from '../../../kernel/validation.ts'
import { readFiles } from './description-files.ts'
import { type Document, documentSchema } from './document.ts'

/** @throws GatecrashError `invalid_config` with all problems: no such file, a reference that leads nowhere, no OpenAPI */
export async function readDescription(file: string): Promise<Document> {
  const written = versioned(file, await readFiles(file))
  const problems: Problem[] = []
  const document = check(documentSchema, upgraded(file, written), '', problems)
  if (!document) throw problemsError('invalid_config', file, problems)
  return document
}

/** With its version as a text: `openapi: 3.1` is a number of YAML. */
function versioned(file: string, content: unknown): Record<string, unknown> {
  const document: Record<string, unknown> = { ...(typeof content === 'object' ? content : {}) }
  const { openapi, swagger } = document
  if (/^3\b/.test(asVersion(openapi))) return { ...document, openapi: asVersion(openapi) }
  if (asVersion(swagger) === '2.0') {
    // The parts of Swagger 2 mean something else in OpenAPI 3, and the library turns those of one file.
    if ('x-files' in document)
      throw new GatecrashError('invalid_config', `${file}: Swagger 2 in several files is not read; make one file of it, or OpenAPI 3`)
    return { ...document, swagger: '2.0' }
  }
  const message = `must be "3.x", or swagger "2.0", got ${shown(openapi ?? swagger)}; is this a description of an API?`
  throw problemsError('invalid_config', file, [{ path: 'openapi', message }])
}

function asVersion(version: unknown): string {
  if (typeof version === 'number') return version.toFixed(1)
  return typeof version === 'string' ? version : ''
}

function upgraded(file: string, document: Record<string, unknown>): unknown {
  try {
    return upgrade(document, '3.1')
  } catch (cause) {
    throw new GatecrashError('invalid_config', `${file}: it cannot be read as OpenAPI 3.1: ${(cause as Error).message}`, { cause })
  }
}
