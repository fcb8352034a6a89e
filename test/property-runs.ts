// How many random cases a property is tried on: few in `npm run check`, many at night with `PROPERTY_RUNS=10000`.
const asked = Number(process.env['PROPERTY_RUNS'] ?? 1000)
if (!(asked >= 1)) throw new Error(`PROPERTY_RUNS must be a number above 0, got ${process.env['PROPERTY_RUNS']}`)

/** `share`: below 1 for a property whose single case is expensive. */
export function propertyRuns(share = 1): number {
  return Math.ceil(asked * share)
}
