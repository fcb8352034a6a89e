// From values to places on a chart.

export type Scale = (value: number) => number
type Ends = readonly [number, number]

/** `domain` are the values at the two ends, `range` their places. */
export const linearScale = (domain: Ends, range: Ends): Scale => scale(domain, range, (value) => value)

/** Equal ratios are equal distances. Both ends of the domain are above 0. */
export const logScale = (domain: Ends, range: Ends): Scale => scale(domain, range, Math.log)

function scale(domain: Ends, [start, end]: Ends, along: (value: number) => number): Scale {
  const from = along(domain[0])
  const length = along(domain[1]) - from
  return (value) => {
    const share = length === 0 ? 0.5 : (along(value) - from) / length
    return start * (1 - share) + end * share
  }
}
