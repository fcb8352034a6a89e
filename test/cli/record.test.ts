import { expect, it } from 'vitest'
import { withoutSecrets } from '../../src/cli/record.ts'

it.each([
  ['API_KEY=abc123 node gateway.js', 'API_KEY=*** node gateway.js'],
  ['node gateway.js --token abc123 --port 80', 'node gateway.js --token *** --port 80'],
  ['gw --db-password=x', 'gw --db-password=***'],
  ['http://user:pass@127.0.0.1:80/', 'http://***@127.0.0.1:80/'],
  ['node gateway.js', 'node gateway.js'],
])('keeps secrets out of what is recorded: %s', (command, recorded) => {
  expect(withoutSecrets(command)).toBe(recorded)
})
