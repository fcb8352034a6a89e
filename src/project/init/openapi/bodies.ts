// A plausible body for a request or an answer: the description's own example, else a sample of its schema.
import type { BodySketch } from '../fakes/fake-sketch.ts'
import { camelCase } from '../identifiers.ts'
import { type Document, mediaSchema } from './document.ts'
import { bestMedia, mediaKinds, type MediaName } from './media-types.ts'
import { followed, nameOf } from './refs.ts'
import { type SampleOptions, sampleSchema } from './sample-schema.ts'

type Use = SampleOptions['use']

export interface TypedBody {
  body: BodySketch
  type: string
  kind: MediaName
}

/** `name` is what the body is called where its schema has no name. Undefined: the content has no type at all. */
export function bodyOf(document: Document, content: Record<string, unknown>, use: Use, name: string): TypedBody | undefined {
  const offered = bestMedia(Object.keys(content))
  if (!offered) return undefined
  const { kind, type, written } = offered
  const media = mediaSchema.safeParse(followed(document, content[written])).data ?? { schema: undefined }
  // What is asked is written as its content type says when it is sent.
  const isWrittenLater = use === 'request' && kind === 'json'
  const toBody = (value: unknown): unknown => (isWrittenLater ? plain(value) : mediaKinds[kind].body(plain(value)))
  const example = exampleOf(document, media)
  if (example !== undefined) return { kind, type, body: { value: toBody(kind === 'json' ? parsedExample(example) : example), name } }

  const { schema } = media
  const items = kind === 'json' ? listItems(document, schema) : undefined
  const ofItems = nameOf(items)
  if (ofItems) return { kind, type, body: { value: toBody(sampleOf(document, items, use)), name: calledIn(use, ofItems), list: true } }
  return { kind, type, body: { value: toBody(sampleOf(document, schema, use)), name: calledIn(use, nameOf(schema) ?? '') || name } }
}

/** An example of a parameter or a body: its own, or the first of several. */
export function exampleOf(document: Document, { example, examples }: { example?: unknown; examples?: unknown }): unknown {
  if (example !== undefined) return example
  if (typeof examples !== 'object' || examples === null) return undefined
  const first = followed(document, Object.values(examples)[0])
  return typeof first === 'object' && first !== null && 'value' in first ? first.value : undefined
}

/** Beyond so many letters nobody reads a body, and what its schema requires will do. */
const LONG = 3000

function sampleOf(document: Document, schema: unknown, use: Use): unknown {
  const full = sampleSchema(document, schema, 'text', { use })
  if ((JSON.stringify(full)?.length ?? 0) <= LONG) return full
  const required = sampleSchema(document, schema, 'text', { use, sparse: true })
  return isEmpty(required) ? full : required
}

/** A request has not all that an answer of the same schema has. */
function calledIn(use: Use, schema: string): string {
  const name = camelCase(schema)
  return name === '' || use === 'reply' || /(?:request|input|body|params)$/i.test(name) ? name : `${name}Request`
}

function listItems(document: Document, schema: unknown): unknown {
  const list = followed(document, schema)
  const isList = typeof list === 'object' && list !== null && 'items' in list && !('example' in list) && !('examples' in list)
  return isList ? list.items : undefined
}

/** Many write an example of JSON as a text that holds it. */
function parsedExample(example: unknown): unknown {
  if (typeof example !== 'string' || !/^\s*[[{]/.test(example)) return example
  try {
    return JSON.parse(example) as unknown
  } catch {
    return example
  }
}

/** What JSON makes of it: YAML knows dates, and values that hold themselves. */
function plain(value: unknown): unknown {
  return value === undefined ? {} : (JSON.parse(JSON.stringify(value)) as unknown)
}

function isEmpty(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0
}
