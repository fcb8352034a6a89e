// Toxics and network faults as a sender writes them. The types are derived from the table of toxics.
import type { OptionalField } from '../decode.ts'
import type { extendedToxics, toxics } from './table.ts'
import type { AttributeFields, ToxicType, ValuesOf } from './toxic.ts'

export type ToxicStream = 'upstream' | 'downstream'

/** A toxic of Toxiproxy 2.12, with the attributes that it needs. `noop` is left out, since it does nothing. */
export type ToxicSpec = SpecOf<Omit<typeof toxics, 'noop'>>

/** A toxic of the embedded server alone. Any other server is asked first, and the fault refused before anything is sent. */
export type ExtendedToxicSpec = SpecOf<typeof extendedToxics>

/** A network fault: one toxic on one direction, or the proxy switched off (`down`: connections are refused). */
export type NetworkFault = { is: 'toxic'; toxic: ToxicSpec | ExtendedToxicSpec; stream: ToxicStream; toxicity: number } | { is: 'down' }

type SpecOf<Table extends Record<string, Pick<ToxicType, 'attributes'>>> = {
  [Type in keyof Table]: { type: Type; attributes: GivenOf<Table[Type]['attributes']> }
}[keyof Table]

/** The values that a sender gives: those of optional fields may be left out. */
type GivenOf<Fields extends AttributeFields> = Flat<
  Omit<ValuesOf<Fields>, OptionalName<Fields>> & Partial<Pick<ValuesOf<Fields>, OptionalName<Fields>>>
>

type OptionalName<Fields extends AttributeFields> = {
  [Name in keyof Fields]: Fields[Name] extends OptionalField<unknown> ? Name : never
}[keyof Fields]

/** Shows an intersection as one object. */
type Flat<T> = { [Name in keyof T]: T[Name] }
