// Gateways that tell nothing of their breakers.
import { type Answer, type Story, failing, healthyGemini } from '../../judge/history.ts'

export const mute = (story: Story = {}): Story => ({
  ...story,
  breaker: [],
  also: [...(story.also ?? []), { type: 'note', t: -10, code: 'events_unavailable', text: 'the gateway offers no breaker events' }],
})

/** What a healthy gateway without events looks like from outside: gemini's requests, and the probe that fails. */
export const fromOutside = (dueMs: number): Answer => (dueMs >= 17_100 && dueMs < 17_160 ? failing : healthyGemini(dueMs))
