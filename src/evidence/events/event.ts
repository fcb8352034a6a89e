// What one kind of journal line is: its fields, and what it adds to the evidence. One file a kind, listed in ../events.ts.
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'

/** A field of a line. `Value` is its type in TypeScript. */
export interface Field<Value> {
  accepts: (value: unknown) => boolean
  readonly optional: boolean
  /** Never there: it carries the type. */
  readonly is?: Value
}

export type Fields = Readonly<Record<string, Field<unknown>>>

type RequiredKeys<Spec extends Fields> = { [Name in keyof Spec]: Spec[Name]['optional'] extends true ? never : Name }[keyof Spec]

/** The line's own fields; `type` and `t` are every line's. */
export type FieldsOf<Spec extends Fields> = {
  [Name in RequiredKeys<Spec>]: NonNullable<Spec[Name]['is']> | Extract<Spec[Name]['is'], null>
} & {
  [Name in Exclude<keyof Spec, RequiredKeys<Spec>>]?: NonNullable<Spec[Name]['is']> | Extract<Spec[Name]['is'], null>
}

/** `t` is the machine's monotonic clock, in milliseconds. */
export type EventOf<Type extends string, Spec extends Fields> = { type: Type; t: Ms } & FieldsOf<Spec>

/** What a tally may know beside its own events. */
export interface TallyContext {
  plan: Plan
  /** Name of the phase that a time of the plan lies in. */
  phaseAt: (atMs: Ms) => string
}

/** Counts one kind of event. Lines of other roles may come before or after: nothing may depend on their order. */
export interface Tally<Event, Result> {
  /** `atMs`: the event's time since load start. */
  add: (event: Event, atMs: Ms) => void
  result: () => Result
}

/** A kind of event whose lines say all that the evidence keeps of them, under the name `evidence`. */
export interface TalliedEvent<Spec extends Fields, Name extends string, Result> {
  fields: Spec
  evidence: Name
  tally: (context: TallyContext) => Tally<{ t: Ms } & FieldsOf<Spec>, Result>
}

/** A kind of event that means something only together with others: the fold joins it to a trace, or takes its times from it. */
export interface JoinedEvent<Spec extends Fields> {
  fields: Spec
}

export function defineTallied<Spec extends Fields, Name extends string, Result>(
  event: TalliedEvent<Spec, Name, Result>,
): TalliedEvent<Spec, Name, Result> {
  return event
}

export function defineJoined<Spec extends Fields>(fields: Spec): JoinedEvent<Spec> {
  return { fields }
}

export interface Required<Value> extends Field<Value> {
  readonly optional: false
}

const required = <Value>(accepts: (value: unknown) => boolean): Required<Value> => ({ accepts, optional: false })

export const number: Required<number> = required((value) => Number.isFinite(value))
/** Not negative, and exact. */
export const whole: Required<number> = required((value) => Number.isSafeInteger(value) && (value as number) >= 0)
export const text: Required<string> = required((value) => typeof value === 'string')
export const flag: Required<boolean> = required((value) => typeof value === 'boolean')
export const texts: Required<string[]> = required((value) => Array.isArray(value) && value.every((each) => typeof each === 'string'))

/** An object, of which `accepts` looks at the fields. */
export function structure<Value extends object>(accepts: (fields: Record<keyof Value, unknown>) => boolean): Required<Value> {
  // Any object may be asked for any field.
  return required((value) => typeof value === 'object' && value !== null && accepts(value as Record<keyof Value, unknown>))
}

export function oneOf<const Word extends string>(words: readonly Word[]): Required<Word> {
  const known: ReadonlySet<unknown> = new Set(words)
  return required((value) => known.has(value))
}

export function exactly<const Value extends string | number | boolean>(wanted: Value): Required<Value> {
  return required((value) => value === wanted)
}

export function nullable<Value>(field: Field<Value>): Required<Value | null> {
  return required((value) => value === null || field.accepts(value))
}

export function optional<Value>(field: Field<Value>): Field<Value> & { readonly optional: true } {
  return { accepts: (value) => value === undefined || field.accepts(value), optional: true }
}
