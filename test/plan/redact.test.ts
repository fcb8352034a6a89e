import { expect, it } from 'vitest'
import { plan } from '../report/reference-run.ts'
import { planWithoutSecrets, redactorOf, secretsIn, withoutSecrets } from '../../src/plan/redact.ts'

it.each([
  ['API_KEY=abc123 node gateway.js', 'API_KEY=*** node gateway.js'],
  ['node gateway.js --token abc123 --port 80', 'node gateway.js --token *** --port 80'],
  ['gw --db-password=x', 'gw --db-password=***'],
  ['http://user:pass@127.0.0.1:80/', 'http://***@127.0.0.1:80/'],
  ["API_KEY='abc 123' node gateway.js", 'API_KEY=*** node gateway.js'],
  ['API_KEY="abc 123" node gateway.js', 'API_KEY=*** node gateway.js'],
  ['gw --gateway "API_KEY=\\"abc 123\\" node"', 'gw --gateway "API_KEY=*** node"'],
  ['gw --token=-abc', 'gw --token=***'],
  ['gw -H "Authorization: Bearer abc.def"', 'gw -H "Authorization: ***"'],
  ["gw -H 'x-api-key: abc' --port 80", "gw -H 'x-api-key: ***' --port 80"],
  ['gw http://a/?api_key=abc&x=1', 'gw http://a/?api_key=***&x=1'],
  ['DB_PASS=x AUTH=y node gateway.js', 'DB_PASS=*** AUTH=*** node gateway.js'],
  ['gw sk-abcdefghijklmnopqrstuvwx AKIAABCDEFGHIJKLMNOP', 'gw *** ***'],
  ['gw --token --port 80', 'gw --token --port 80'],
  ['MYTOKEN=a dbpassword=b privateKey=c gw', 'MYTOKEN=*** dbpassword=*** privateKey=*** gw'],
])('keeps secrets out of what is recorded: %s', (command, recorded) => {
  expect(withoutSecrets(command)).toBe(recorded)
})

const S = 'Zq7Xv9Lm2Kp4Rt6W'

it.each([
  `GH_PAT=${S} gw`,
  `GITHUB_TOKEN=${S} gw`,
  `export NPM_TOKEN=${S}; gw`,
  `AWS_SECRET_ACCESS_KEY=${S} gw`,
  `AWS_SESSION_TOKEN=${S} gw`,
  `STRIPE_KEY=${S} gw`,
  `DB_PASSWORD=${S} gw`,
  `PGPASSWORD=${S} gw`,
  `MYSQL_PWD=${S} gw`,
  `SENTRY_DSN=${S} gw`,
  `SESSION_SECRET='${S} ${S}' gw`,
  `JWT=${S} gw`,
  `OPENAI_API_KEY="${S}" gw`,
  `apiKey=${S} gw`,
  `AzureWebJobsStorage="AccountName=a;AccountKey=${S}" gw`,
  `CONNECTION_STRING=${S} gw`,
  `gw -u admin:${S}`,
  `gw -uadmin:${S}`,
  `gw --user=admin:${S}`,
  `gw --user admin:${S}`,
  `gw --proxy-user "admin:${S}"`,
  `gw --api-key ${S}`,
  `gw --api-key=${S}`,
  `gw --apiKey=${S}`,
  `gw --auth ${S}`,
  `gw --pat ${S}`,
  `gw --password '${S} ${S}'`,
  `gw --token "${S}"`,
  `gw -token=${S}`,
  `gw https://a.test/x?sig=${S}`,
  `gw 'https://a.test/x?sv=1&sig=${S}&se=2'`,
  `gw https://a.test/x?X-Amz-Signature=${S}`,
  `gw https://a.test/x?X-Amz-Credential=${S}`,
  `gw https://a.test/x?X-Amz-Security-Token=${S}`,
  `gw https://a.test/x?X-Goog-Signature=${S}`,
  `gw https://a.test/x?access_token=${S}`,
  `gw https://a.test/x?key=${S}`,
  `gw https://a.test/#access_token=${S}`,
  `gw https://user:${S}@a.test/`,
  `gw https://${S}@a.test/`,
  `gw postgres://user:${S}@a.test:5432/db`,
  `gw redis://:${S}@a.test`,
  `gw --config '{"apiKey":"${S}"}'`,
  `gw --config '{"a":{"password": "${S} ${S}"}}'`,
  `gw --config "{\\"token\\":\\"${S}\\"}"`,
  `gw --config '{"secret":${S}}'`,
  `gw -H "Authorization: Basic ${S}"`,
  `gw -H 'Authorization: Bearer ${S}'`,
  `gw -H 'Proxy-Authorization: Basic ${S}'`,
  `gw -H "Cookie: a=${S}; b=${S}"`,
  `gw -H "Set-Cookie: sid=${S}"`,
  `gw -H "X-Api-Key: ${S}"`,
  `gw --header="X-Auth-Token: ${S}"`,
  `gw Bearer ${S}`,
  `gw --cookie sid=${S}`,
  `gw -----BEGIN RSA PRIVATE KEY-----\n${S}\n-----END RSA PRIVATE KEY-----`,
  `gw "-----BEGIN PRIVATE KEY----- ${S}"`,
  `gw ghp_${S}${S}`,
  `gw github_pat_${S}${S}`,
  `gw glpat-${S}${S}`,
  `gw xoxb-123-${S}`,
  `gw https://hooks.slack.com/services/T1/B1/${S}`,
  `gw npm_${S}${S}`,
  `gw sk-ant-api03-${S}${S}`,
  `gw sk-proj-${S}${S}`,
  `gw sk_live_${S}`,
  `gw rk_test_${S}`,
  `gw AIza${S}${S}abc`,
  `gw ya29.${S}${S}`,
  `gw eyJhbGciOiJI.${S}.${S}`,
  `gw SG.${S}.${S}`,
  `gw hf_${S}${S}`,
])('keeps a secret out, whatever its form: %s', (command) => {
  const recorded = withoutSecrets(command)
  expect(recorded).not.toContain(S)
  expect(recorded).toContain('***')
  expect(recorded).toContain('gw')
})

it.each([
  'node gateway.js',
  'node monkey.js --keyboard us',
  'PORT=8080 LOG_LEVEL=debug node gateway.js',
  'PATH=/usr/bin:/bin node gateway.js',
  'node --path ./a --sigma 0.3 --passes 3',
  'node --max-old-space-size=4096 gateway.js',
  'go run ./cmd/gateway -upstream gemini=http://127.0.0.1:9201',
  'docker run --user 1000:1000 -p 80:80 gateway:latest',
  'java -jar gateway.jar --server.port=8080 --spring.profiles.active=ci',
  'python -m gateway --host 127.0.0.1 --workers 4',
  'deno run --allow-net gateway.ts --author me --authority a.test',
  'gw --compass north --pattern x --pinned --session-timeout 5s',
  'http://127.0.0.1:8080',
  'http://127.0.0.1:8080/?page=2&sort=name',
  "gw -H 'accept: application/json'",
  `gw --config '{"retries":3,"keyboard":"us","timeoutMs":500}'`,
  'gw --sha 4f3c2a1b9d8e7f60',
  'gw --key-file ./tls.key --token-path ./t',
  'node a.mjs --basic auth --bearing 5',
])('leaves what is no secret: %s', (command) => {
  expect(withoutSecrets(command)).toBe(command)
})

it('keeps the keys in the paths of a load out of the recorded plan', () => {
  const [route] = plan.load.mix
  const paths = ['/gemini/v1?key=abc&alt=sse', '/a?alt=sse']
  const recorded = planWithoutSecrets({ ...plan, load: { ...plan.load, mix: [{ ...route!, paths }] } })
  expect(recorded.load.mix[0]!.paths).toEqual(['/gemini/v1?key=***&alt=sse', '/a?alt=sse'])
})

it('keeps the values of secret headers out of the recorded plan', () => {
  const [route] = plan.load.mix
  const headers = { Authorization: 'Bearer abc', 'x-api-key': 'abc', cookie: 'a=b', accept: 'text/plain' }
  const recorded = planWithoutSecrets({ ...plan, load: { ...plan.load, mix: [{ ...route!, headers }] } })
  expect(recorded.load.mix[0]!.headers).toEqual({ Authorization: '***', 'x-api-key': '***', cookie: '***', accept: 'text/plain' })
  expect(recorded.load.mix[0]).toMatchObject({ paths: route!.paths, weight: route!.weight })
})

it('keeps the keys of identities out of it too', () => {
  const [route] = plan.load.mix
  const identities = [{ name: 'alice', headers: { 'x-api-key': 'abc', accept: 'text/plain' } }]
  const recorded = planWithoutSecrets({ ...plan, load: { ...plan.load, mix: [{ ...route!, identities }] } })
  expect(recorded.load.mix[0]!.identities).toEqual([{ name: 'alice', headers: { 'x-api-key': '***', accept: 'text/plain' } }])
})

it('keeps the tokens among the settings of the gateway out of it too', () => {
  const server = { internalToken: 'abc', adminToken: 'abc', store: { url: 'redis://me:abc@store:6379', timeout: '1s' }, inFlight: 500 }
  const services = { webhooks: { secret: 'abc', receiver: 'webhook-receiver' } }
  const { gateway } = planWithoutSecrets({ ...plan, gateway: { ...plan.gateway, server, services } })
  expect(gateway).toEqual({
    ...plan.gateway,
    server: { internalToken: '***', adminToken: '***', store: { url: 'redis://***@store:6379', timeout: '1s' }, inFlight: 500 },
    services: { webhooks: { secret: '***', receiver: 'webhook-receiver' } },
  })
})

it('keeps what bodies and static answers hold out of it too', () => {
  const [route] = plan.load.mix
  const bodies = [{ user: 'me', password: 'abc', tokens: ['abc', 7] }, 'grant=1&client_secret=abc']
  const fallback = { kind: 'static', status: 200, headers: { 'x-api-key': 'abc', accept: 'a' }, body: { token: 'abc' } }
  const upstreams = { gemini: { ...plan.gateway.upstreams['gemini']!, fallback } } as unknown as typeof plan.gateway.upstreams
  const recorded = planWithoutSecrets({
    ...plan,
    gateway: { ...plan.gateway, upstreams },
    load: { ...plan.load, mix: [{ ...route!, bodies }] },
  })
  expect(recorded.load.mix[0]!.bodies).toEqual([{ user: 'me', password: '***', tokens: ['***', 7] }, 'grant=1&client_secret=***'])
  expect(recorded.gateway.upstreams['gemini']).toMatchObject({
    fallback: { headers: { 'x-api-key': '***', accept: 'a' }, body: { token: '***' } },
  })
})

it.each([
  ['adminToken: "abc"\nport: 80', 'adminToken: ***\nport: 80'],
  ["password: 'abc'\nname: x", 'password: ***\nname: x'],
  ['apiKey: abc\nport: 80', 'apiKey: ***\nport: 80'],
  [
    'proxy_set_header Authorization "Basic abc";\nproxy_set_header Host $host;',
    'proxy_set_header Authorization ***;\nproxy_set_header Host $host;',
  ],
  ['add_header X-Api-Key abc;', 'add_header X-Api-Key ***;'],
  ['[{"name": "x-api-key", "value": "abc"}, {"a": 1}]', '[{"name": "x-api-key", "value": "***"}, {"a": 1}]'],
  ['admin_token = "abc"\nlisten = 80', 'admin_token = ***\nlisten = 80'],
])('keeps secrets out of files of settings: %j', (text, recorded) => {
  expect(withoutSecrets(text)).toBe(recorded)
})

it.each(['token.', 'token', 'a_key.', '"token":', 'http://', '-----BEGIN PRIVATE KEY', '--token ', 'name:"x-key" ', 'key  ', '-u '])(
  'is not kept busy by a line of nothing but %j',
  (part) => {
    const began = performance.now()
    withoutSecrets(part.repeat(Math.ceil(4096 / part.length)))
    expect(performance.now() - began).toBeLessThan(2000)
  },
)

it('finds the secrets themselves among settings, longest first, and takes them out where nothing names them', () => {
  const known = secretsIn({ server: { adminToken: 'admin-token' } }, undefined, { DB_PASSWORD: 'abcdefgh', PIN_CODE: 'short' }, [
    { url: 'redis://:a%2Fpassword@host', key: 'abcdefgh-longer', name: 'no-secret-at-all' },
  ])
  expect(known).toEqual(['abcdefgh-longer', 'a%2Fpassword', 'admin-token', 'a/password', 'abcdefgh'])
  expect(redactorOf(known)('connected with a/password and abcdefgh-longer')).toBe('connected with *** and ***')
})
