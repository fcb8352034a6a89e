// Names come from outside: of upstreams, phases, headers. Every object also has a `constructor` and a `toString`, which nobody put there.

/** What `record` itself has under `name`; undefined when it has nothing, whatever its prototype has. */
export function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
