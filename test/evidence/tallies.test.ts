import { expect, it } from 'vitest'
import { mergeEvidence } from '../../src/evidence/merge.ts'
import { traceTallies } from '../../src/evidence/tallies/tallies.ts'
import { type Story, evidenceOf, ok } from '../judge/history.ts'

/** Something for every tally: streams, some broken; clients that leave; bodies that differ; identities; headers that lack; costs that are booked. */
const story: Story = {
  gemini: (dueMs, index) =>
    index % 5 === 0
      ? { ...ok, latencyMs: 900, outcome: 'client_timeout', departures: [{ t: dueMs + 1500, clientGone: true, whole: false }] }
      : {
          ...ok,
          client: {
            length: 300,
            checksum: index % 7 ? '0000000a' : '0000000b',
            identity: 'ada',
            firstEventMs: 9,
            eventGapMs: 4,
            events: 3,
            eventsChecksum: '0c',
            carries: ['k1'],
            lacks: ['k2'],
          },
          arrivals: [{ effect: `order-${index % 9}` }],
          departures: [{ length: 300, checksum: '0000000a', events: index % 3 ? 3 : 4, eventsChecksum: '0c' }],
        },
}

it('adds up the cells of two parts, and keeps the earliest of what was seen', async () => {
  const evidence = await evidenceOf(story)
  const twice = mergeEvidence([evidence, evidence])
  for (const { evidence: name } of traceTallies) {
    const [once, both] = [evidence[name], twice[name]]
    expect(once.length, name).toBeGreaterThan(0)
    expect(both.length, name).toBe(once.length)
  }
  const [one, two] = [evidence, twice].map(({ streams, bodies, carried, upstreamWork, identities, concurrency, pace }) => ({
    streams: streams.map((cell) => [cell.streams, cell.fates.lost, cell.firstEvent.totalCount, cell.gaps.totalCount]),
    bodies: bodies.map(({ same, other, untold }) => [same, other, untold]),
    carried: carried.map(({ carrying, lacking }) => [carrying, lacking]),
    work: upstreamWork.map(({ outlived }) => [outlived.totalCount]),
    identities: identities.map(({ own, untold }) => [own, untold]),
    firsts: [
      streams.map(({ firstBad }) => firstBad),
      bodies.map(({ firstOther }) => firstOther),
      upstreamWork.map(({ longest }) => longest),
    ],
    longest: concurrency.map(({ longestMs }) => longestMs),
    shortest: pace.map(({ shortestMs }) => shortestMs),
  })) as [Counted, Counted]
  for (const name of ['streams', 'bodies', 'carried', 'work', 'identities'] as const) {
    expect(
      one[name].flat().some((count) => count > 0),
      name,
    ).toBe(true)
    expect(two[name], name).toEqual(one[name].map((counts) => counts.map((count) => count * 2)))
  }
  // The same is no earlier, no longer, no more at once, and no faster.
  expect([two.firsts, two.longest, two.shortest]).toEqual([one.firsts, one.longest, one.shortest])
})

type Counted = Record<'streams' | 'bodies' | 'carried' | 'work' | 'identities', number[][]> & {
  firsts: unknown
  longest: unknown
  shortest: unknown
}
