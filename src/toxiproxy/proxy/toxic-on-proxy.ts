// A toxic on a proxy: read from the control API's JSON, and shown in it.
import { type Field, type Fields, float, integer, longIntegers, oneOf, ratio, readFields, text, valuesOf, zeros } from '../decode.ts'
import { apiErrors } from '../api/api-error.ts'
import type { ToxicStream } from '../../faults/network/toxic.ts'
import type { Attribute, AttributeFields, Attributes } from '../../faults/network/toxic-attribute.ts'
import type { ToxicType } from '../../faults/network/toxic.ts'

export interface ToxicOnProxy {
  readonly name: string
  readonly typeName: string
  readonly type: ToxicType
  /** The stream as it was written, in any letter case. */
  readonly written: string
  readonly stream: ToxicStream
  toxicity: number
  attributes: Attributes
  /** All digits of those attributes that are integers beyond what a double holds. */
  digits: ReadonlyMap<string, string>
  /** What the toxic's lines share, if its type asks for that. */
  readonly memory: unknown
}

/** In the key order of Toxiproxy's answers. */
export interface ToxicJson {
  attributes: Attributes
  name: string
  type: string
  stream: string
  toxicity: number
}

interface ToxicBody {
  name: string
  type: string
  stream: string
  toxicity: number
}

const fields: Fields<ToxicBody> = { name: text, type: text, stream: text, toxicity: float }

/** Reads the body of a new toxic. Its checks come in Toxiproxy's order. @throws ApiError 400, or 409 when `isTaken` says so of its name */
export function readToxic(body: unknown, types: Readonly<Record<string, ToxicType>>, isTaken: (name: string) => boolean): ToxicOnProxy {
  const {
    name,
    type: typeName,
    stream: written,
    toxicity,
  } = readFields(body, fields, { name: '', type: '', stream: 'downstream', toxicity: 1 })
  const given = valuesOf(body, 'attributes')
  for (const each of given) readFields(each, {}, {}, 'attributes')
  const stream = written.toLowerCase()
  if (stream !== 'upstream' && stream !== 'downstream') throw apiErrors.badStream()
  const type = Object.hasOwn(types, typeName) ? types[typeName] : undefined
  if (!type) throw apiErrors.badToxicType()
  const named = name || `${typeName}_${written}`
  if (isTaken(named)) throw apiErrors.toxicExists()
  const attributes = withAttributes(given, type, zeros(fieldsOf(type.attributes)))
  return {
    name: named,
    typeName,
    type,
    written,
    stream,
    toxicity,
    attributes,
    digits: digitsOf(given, type, new Map()),
    memory: type.memory?.per === 'toxic' ? type.memory.start() : undefined,
  }
}

/** Sets the toxicity and the attributes that the body gives: all of them, or none when one is not accepted. @throws ApiError 400 */
export function updateToxic(toxic: ToxicOnProxy, body: unknown): void {
  const { toxicity } = readFields(body, { toxicity: float }, { toxicity: toxic.toxicity })
  const given = valuesOf(body, 'attributes')
  toxic.attributes = withAttributes(given, toxic.type, toxic.attributes)
  toxic.digits = digitsOf(given, toxic.type, toxic.digits)
  toxic.toxicity = toxicity
}

/** How the control API reads the attributes of a toxic. */
export function fieldsOf(attributes: AttributeFields): Fields<Attributes> {
  return Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, fieldOf(attribute)]))
}

function fieldOf(attribute: Attribute): Field<number | string> {
  return attribute.is === 'word' ? oneOf(attribute.words) : { integer, ratio }[attribute.is]
}

function withAttributes(given: readonly unknown[], type: ToxicType, before: ToxicOnProxy['attributes']): ToxicOnProxy['attributes'] {
  return given.reduce<typeof before>((attributes, each) => readFields(each, fieldsOf(type.attributes), attributes, 'attributes'), before)
}

function digitsOf(given: readonly unknown[], { attributes }: ToxicType, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const digits = new Map(before)
  for (const each of given) {
    for (const name of Object.keys(attributes)) if (valuesOf(each, name.toLowerCase()).length > 0) digits.delete(name)
    for (const [name, written] of longIntegers(each, fieldsOf(attributes))) digits.set(name, written)
  }
  return digits
}

export function showToxic({ attributes: held, digits, name, typeName, written, toxicity }: ToxicOnProxy): ToxicJson {
  // TypeScript does not know JSON.rawJSON yet. What it returns is shown as a number, and used for nothing else.
  const { rawJSON } = JSON as unknown as { rawJSON: (json: string) => number }
  const attributes = { ...held, ...Object.fromEntries(Array.from(digits, ([key, json]) => [key, rawJSON(json)])) }
  return { attributes, name, type: typeName, stream: written, toxicity }
}
