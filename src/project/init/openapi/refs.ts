// `$ref`s of a description: where they stand, what they are called, and what they stand for.

export interface FoundRef {
  holder: { $ref: string }
  ref: string
  /** Where it stands, such as `paths./orders.get`. */
  place: string
}

/** Every `$ref` in it that is a reference: extensions are anybody's, and an example may hold a `$ref` of its own. */
export function everyRef(document: unknown): FoundRef[] {
  const found: FoundRef[] = []
  const seen = new Set<unknown>()
  const walk = (value: unknown, place: string, isNamed: boolean): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (!isNamed && hasRef(value)) found.push({ holder: value, ref: value.$ref, place })
    for (const [key, member] of Object.entries(value)) {
      // Below these, keys are names that an author chose.
      const areNames = !isNamed && ['properties', 'paths', 'schemas', 'examples', 'responses', 'parameters'].includes(key)
      const isOpaque = !isNamed && (key === 'example' || key === 'value' || (key.startsWith('x-') && key !== 'x-files'))
      if (!isOpaque) walk(member, place === '' ? key : `${place}.${key}`, areNames && !Array.isArray(member))
    }
  }
  walk(document, '', false)
  return found
}

/** What a `$ref` into the document stands for, however many lead there; undefined where one leads nowhere or in a circle. */
export function followed(document: object, value: unknown): unknown {
  let here = value
  for (let steps = 0; steps < 50; steps++) {
    const pointer = pointerOf(here)
    if (pointer === undefined) return here
    here = pointer.reduce<unknown>(
      (at, key) => (typeof at === 'object' && at && Object.hasOwn(at, key) ? at[key as never] : undefined),
      document,
    )
  }
  return undefined
}

/** What a `$ref` is called: `Order` of `#/components/schemas/Order`, and of a file `parts/Order.yaml`. */
export function nameOf(value: unknown): string | undefined {
  const name = pointerOf(value)
    ?.at(-1)
    ?.replace(/^.*\/|\.\w+$/g, '')
  return name === undefined || /^\d*$/.test(name) ? undefined : name
}

function hasRef(value: object): value is { $ref: string } {
  return '$ref' in value && typeof value.$ref === 'string'
}

function pointerOf(value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null || !hasRef(value) || !value.$ref.startsWith('#')) return undefined
  return value.$ref
    .split('/')
    .slice(1)
    .map((key) => decoded(key).replaceAll('~1', '/').replaceAll('~0', '~'))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
