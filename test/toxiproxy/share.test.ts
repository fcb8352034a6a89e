import { describe, expect, it } from 'vitest'
import { shareOf, verdict } from '../bench/toxiproxy/share.ts'

describe('a share of a peer', () => {
  it('is the median over rounds, which a machine that is slow now and then moves as little as rounds that differ', () => {
    const peers = Array.from({ length: 40 }, (_, round) => 100 + 7 * (round % 5))
    const ours = peers.map((peer) => peer * 0.9)
    ours[3]! *= 50
    peers[30]! *= 50
    const share = shareOf(ours, peers)
    expect(share).toEqual({ median: expect.closeTo(0.9), lower: expect.closeTo(0.9), upper: expect.closeTo(0.9) })
  })

  // Of 40 shares the 15th and the 26th bound the median: P(Binomial(40, 1/2) ≤ 14) = 4.0 %, P(≤ 15) = 7.7 %.
  it('has bounds of which each is wrong in one case of twenty', () => {
    const ranks = Array.from({ length: 40 }, (_, at) => at + 1)
    expect(
      shareOf(
        ranks,
        ranks.map(() => 1),
      ),
    ).toEqual({ median: 21, lower: 15, upper: 26 })
  })

  it('is not made of a few rounds', () => {
    expect(() => shareOf([1, 1, 1, 1], [1, 1, 1, 1])).toThrow('4 rounds are too few')
  })

  it.each([
    ['as good', [0.97, 1, 1.03], 'reached'],
    ['better', [0.8, 0.82, 0.84], 'reached'],
    ['a little greater, but not shown to be', [0.99, 1.06, 1.15], 'reached'],
    ['shown to be greater', [1.01, 1.06, 1.15], 'missed'],
    ['so uncertain that anything would do', [0.7, 1.1, 1.5], 'too noisy to tell'],
  ] as const)('%s: %j is %s when it should be no worse', (_, [lower, median, upper], expected) => {
    expect(verdict({ lower, median, upper }, 'no worse')).toBe(expected)
  })

  it('is held against other goals by its median', () => {
    const share = { median: 1.2, lower: 0.5, upper: 3 }
    const goals = [{ atLeast: 1.2 }, { atLeast: 1.21 }, { atMost: 1.2 }, { atMost: 1.19 }]
    expect(goals.map((goal) => verdict(share, goal))).toEqual(['reached', 'missed', 'reached', 'missed'])
  })
})
