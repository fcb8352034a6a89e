// JSON for files that people compare: keys in the order given, indented by two spaces, with a newline at the end.

/** The same value gives the same bytes. What JSON cannot hold (undefined, functions) is left out, as JSON.stringify does. */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
