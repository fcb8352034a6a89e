// Where the scenarios stand that sabotages are played in, beside those of scenarios/.

/** A quarter of a minute; its gateway's recovery is a second. */
export const QUICK = 'test/end-to-end/scenarios/quick-outage.ts'

/** Made for a defect that no story of the product shows in a short time. */
export const scenarioHere = (name: string): string => `test/sabotage/scenarios/${name}.ts`
