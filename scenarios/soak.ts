import {
  breaker,
  criteria,
  errorRate,
  faults,
  perSecond,
  phase,
  reference,
  scenario,
  stall,
  status,
  times,
  unharmed,
  warmUp,
} from '../src/index.ts'
import { load, policies, upstreams } from './systems/shop.ts'

const { goodputAfter, growth } = criteria

const ROUNDS = [1, 2, 3]

export default scenario('soak', {
  story:
    'Ten minutes of outages, silence and broken connections. What the gateway needs in the last minute, memory, sockets and processor time, ' +
    'is what it needed in the first. It lasts as long as the breaker does: `--set opensearch.breaker.recovery=60s` makes an hour of it.',
  tags: ['overload', 'network', 'long'],
  upstreams,
  gateway: reference({
    ...policies,
    opensearch: { ...policies.opensearch, breaker: { failures: 10, recovery: '10s', recoveryGrowth: 1 } },
  }),
  load: { ...load, rate: perSecond(120) },
  phases: ({ gateway: { opensearch } }) => {
    const units = (count: number): number => times(count, opensearch.breaker.recovery)
    return [
      warmUp('5s'),
      phase('early', units(6)),
      ...ROUNDS.flatMap((round) => [
        phase(`outage ${round}`, units(2), status('opensearch', 503)),
        phase(`calm ${round}`, units(4)),
        phase(`silence ${round}`, units(2), stall('opensearch')),
        phase(`quiet ${round}`, units(3)),
        phase(`resets ${round}`, units(2), faults.resets('opensearch')),
        phase(`peace ${round}`, units(3)),
      ]),
      phase('late', units(6)),
    ]
  },
  criteria: ({ gateway: { opensearch } }) => [
    growth({ from: 'early', to: 'late' }).memoryBelow('40MB'),
    // Clients keep the connections that they needed while the search was silent.
    growth({ from: 'early', to: 'late' }).descriptorsBelow(60),
    growth({ from: 'early', to: 'late' }).processorBelow('15%'),
    ...ROUNDS.map((round) => breaker('opensearch').opensWithin('3s').of(`outage ${round}`)),
    ...ROUNDS.map((round) =>
      goodputAfter(`outage ${round}`)
        .of('opensearch')
        .within(times(2, opensearch.breaker.recovery))
        .comparedWith('early', { above: '80%' }),
    ),
    unharmed('billing').comparedWith('early'),
    errorRate().during('late').below('2%'),
  ],
})
