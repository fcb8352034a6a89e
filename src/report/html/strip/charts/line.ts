// Paths from samples: a missing sample is a gap, and a sample alone between gaps is a dot.
import { line } from 'd3-shape'

export interface Point {
  x: number
  /** null: nothing was seen. */
  y: number | null
}

/** Path data; a dot is a segment without length, which a round line cap makes visible. */
export function linePath(points: readonly Point[]): string {
  const draw = line<Point>()
    .digits(1)
    .defined((point) => point.y !== null)
    .x((point) => point.x)
    .y((point) => point.y ?? 0)
  return draw(points) ?? ''
}

/** Steps: each sample holds from its `x` to `toX`. */
export function stepPath(points: readonly (Point & { toX: number })[]): string {
  let path = ''
  let open = false
  for (const { x, toX, y } of points) {
    if (y !== null) path += `${open ? 'L' : 'M'}${tenth(x)},${tenth(y)}L${tenth(toX)},${tenth(y)}`
    open = y !== null
  }
  return path
}

export const tenth = (value: number): number => Math.round(value * 10) / 10
