// JSON of which one field is another value, or gone.

const values: readonly unknown[] = [null, 'x', '', -1, 0, 1e308, -1e308, 1e15, true, [], {}, '__proto__', 'constructor', [null], { a: 1 }]

type Place = { holder: Record<string, unknown>; key: string }

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  // Any object may be asked for any of its keys.
  const holder = value as Record<string, unknown>
  const keys = Object.keys(holder)
  return [...keys.map((key) => ({ holder, key })), ...keys.flatMap((key) => placesIn(holder[key]))]
}

/** `draw` gives a whole number from 0 to below its bound. */
export function mutated(text: string, draw: (bound: number) => number): string {
  const value: unknown = JSON.parse(text)
  const places = placesIn(value)
  const { holder, key } = places[draw(places.length)]!
  const which = draw(values.length + 1)
  if (which === values.length) delete holder[key]
  else holder[key] = values[which]
  return JSON.stringify(value)
}
