// The attributes of a toxic: which values each takes, and its zero value. A server reads them from JSON in its own way
// (toxiproxy/proxy/toxic-on-proxy.ts).

/** One attribute on the wire, where every attribute may be absent: it has its zero value then. */
export type Attribute<Value = number | string> = { readonly zero: Value } & (
  | { readonly is: 'integer' | 'ratio' }
  /** One of some words; the first is the zero value. */
  | { readonly is: 'word'; readonly words: readonly [string, ...string[]] }
)

/** An attribute that a sender may leave out: its zero value is a sensible choice. */
type OptionalAttribute<Value = number | string> = Attribute<Value> & { readonly optional: true }

/** A 64-bit integer. */
export const integer: Attribute<number> = { is: 'integer', zero: 0 }

/** A share (0–1). */
export const ratio: Attribute<number> = { is: 'ratio', zero: 0 }

/** One of some words, the first unless given. */
export function oneOf<Word extends string>(...words: [Word, ...Word[]]): Attribute<Word> {
  return { is: 'word', zero: words[0], words }
}

export function optional<Value>(attribute: Attribute<Value>): OptionalAttribute<Value> {
  return { ...attribute, optional: true }
}

/** The attributes of a toxic, by name. Their docstrings state the unit and what 0 means. */
export type AttributeFields = Readonly<Record<string, Attribute>>

/** The values of attributes, whatever the toxic's type. */
export type Attributes = Record<string, number | string>

/** The values of `Fields`, all of them set. */
export type ValuesOf<Fields extends AttributeFields> = {
  -readonly [Name in keyof Fields]: Fields[Name] extends { zero: infer Value } ? Value : never
}

/** The values that a sender gives: those of optional attributes may be left out. */
export type GivenOf<Fields extends AttributeFields> = Flat<
  Omit<ValuesOf<Fields>, OptionalName<Fields>> & Partial<Pick<ValuesOf<Fields>, OptionalName<Fields>>>
>

type OptionalName<Fields extends AttributeFields> = {
  [Name in keyof Fields]: Fields[Name] extends { optional: true } ? Name : never
}[keyof Fields]

/** Shows an intersection as one object. */
type Flat<T> = { [Name in keyof T]: T[Name] }
