// How clients in other languages put their requests: methods, headers, spelling and what they leave out. Taken from their sources;
// they all mean the same.
import type { ShownProxy } from '../ask.ts'

export interface WireRequest {
  method: string
  path: string
  /** JSON as this client writes it. */
  body?: string
}

export interface Dialect {
  client: string
  headers: Record<string, string>
  create(name: string, upstream: string): WireRequest
  /** `shown` is the server's own answer, which some clients send back whole. */
  setEnabled(shown: ShownProxy, enabled: boolean): WireRequest
  /** Adds a limit_data of no bytes. */
  limit(name: string): WireRequest
  /** Lets it pass so many bytes. */
  allow(name: string, bytes: number): WireRequest
}

/** The name that a server gives to a limit_data, and that clients which name toxics themselves give to it too. */
export const TOXIC = 'limit_data_downstream'

const json = JSON.stringify
const toxics = (name: string): string => `/proxies/${name}/toxics`

/** Many send only what changes, by POST. */
const plain: Pick<Dialect, 'setEnabled' | 'allow'> = {
  setEnabled: ({ name }, enabled) => ({ method: 'POST', path: `/proxies/${name}`, body: json({ enabled }) }),
  allow: (name, bytes) => ({ method: 'POST', path: `${toxics(name)}/${TOXIC}`, body: json({ attributes: { bytes } }) }),
}

const go: Dialect = {
  client: 'Go',
  headers: { 'User-Agent': 'toxiproxy-cli/2.12.0 (linux/amd64)', 'Content-Type': 'application/json', 'Accept-Encoding': 'gzip' },
  create: (name, upstream) => ({
    method: 'POST',
    path: '/proxies',
    body: json({ name, listen: 'localhost:0', upstream, enabled: true, toxics: null }),
  }),
  // The whole struct, toxics too; a proxy is changed by POST and a toxic by PATCH.
  setEnabled: (shown, enabled) => ({ method: 'POST', path: `/proxies/${shown.name}`, body: json({ ...shown, enabled }) }),
  limit: (name) => ({
    method: 'POST',
    path: toxics(name),
    body: json({ name: '', type: 'limit_data', stream: 'downstream', toxicity: 1, attributes: null }),
  }),
  allow: (name, bytes) => ({
    method: 'PATCH',
    path: `${toxics(name)}/${TOXIC}`,
    body: json({ attributes: { bytes }, toxicity: 1 }),
  }),
}

const ruby: Dialect = {
  ...plain,
  client: 'Ruby',
  headers: {
    'Accept-Encoding': 'gzip;q=1.0,deflate;q=0.6,identity;q=0.3',
    Accept: '*/*',
    'User-Agent': 'Ruby',
    'Content-Type': 'application/json',
    Connection: 'close',
  },
  create: (name, upstream) => ({ method: 'POST', path: '/proxies', body: json({ upstream, name, listen: 'localhost:0', enabled: null }) }),
  limit: (name) => ({
    method: 'POST',
    path: toxics(name),
    body: `{"name":"${TOXIC}","type":"limit_data","stream":"downstream","toxicity":1.0,"attributes":{"bytes":0}}`,
  }),
}

const python: Dialect = {
  ...plain,
  client: 'Python',
  headers: {
    'User-Agent': 'python-requests/2.32.3',
    'Accept-Encoding': 'gzip, deflate',
    Accept: '*/*',
    Connection: 'keep-alive',
    'Content-Type': 'application/json',
  },
  create: (name, upstream) => ({
    method: 'POST',
    path: '/proxies',
    body: `{"upstream": "${upstream}", "name": "${name}", "listen": "127.0.0.1:0"}`,
  }),
  limit: (name) => ({
    method: 'POST',
    path: toxics(name),
    body: `{"name": "${TOXIC}", "type": "limit_data", "stream": "downstream", "toxicity": 1.0, "attributes": {}}`,
  }),
}

const java: Dialect = {
  ...plain,
  client: 'Java',
  // Whatever has a body is a form to its HTTP client, unless told otherwise.
  headers: {
    'User-Agent': 'Java/21.0.2',
    Accept: 'text/html, image/gif, image/jpeg, */*; q=0.2',
    'Content-Type': 'application/x-www-form-urlencoded',
    Connection: 'keep-alive',
  },
  create: (name, upstream) => ({ method: 'POST', path: '/proxies', body: json({ name, listen: '127.0.0.1:0', upstream }) }),
  limit: (name) => ({
    method: 'POST',
    path: toxics(name),
    body: `{"name":"${TOXIC}","stream":"downstream","toxicity":1.0,"type":"limit_data","attributes":{"bytes":0}}`,
  }),
}

const dotNet: Dialect = {
  client: '.NET',
  headers: { 'User-Agent': 'RestSharp/105.2.3.0', 'Content-Type': 'application/json', Expect: '100-continue' },
  create: (name, upstream) => ({
    method: 'POST',
    path: '/proxies',
    body: json({ Name: name, Listen: '127.0.0.1:0', Upstream: upstream, Enabled: true }),
  }),
  setEnabled: ({ name, listen, upstream }, enabled) => ({
    method: 'POST',
    path: `/proxies/${name}`,
    body: json({ Name: name, Listen: listen, Upstream: upstream, Enabled: enabled }),
  }),
  limit: (name) => ({
    method: 'POST',
    path: toxics(name),
    body: `{"Attributes":{"Bytes":0},"Type":"limit_data","Name":"${TOXIC}","Stream":"DownStream","Toxicity":1.0}`,
  }),
  allow: (name, bytes) => ({
    method: 'POST',
    path: `${toxics(name)}/${TOXIC}`,
    body: `{"Attributes":{"Bytes":${bytes}},"Type":"limit_data","Name":"${TOXIC}","Stream":"DownStream","Toxicity":1.0}`,
  }),
}

const rust: Dialect = {
  ...plain,
  client: 'Rust',
  headers: { 'Content-Type': 'application/json', Accept: '*/*' },
  create: (name, upstream) => ({
    method: 'POST',
    path: '/proxies',
    body: json({ name, listen: 'localhost:0', upstream, enabled: true, toxics: [] }),
  }),
  limit: (name) => ({
    method: 'POST',
    path: toxics(name),
    body: `{"name":"${TOXIC}","type":"limit_data","stream":"downstream","toxicity":1.0,"attributes":{"bytes":0}}`,
  }),
}

const curl: Dialect = {
  client: 'curl',
  headers: { 'User-Agent': 'curl/8.14.1', Accept: '*/*', 'Content-Type': 'application/x-www-form-urlencoded' },
  create: (name, upstream) => ({ method: 'POST', path: '/proxies', body: `{"name":"${name}","upstream":"${upstream}"}` }),
  setEnabled: ({ name }, enabled) => ({ method: 'PATCH', path: `/proxies/${name}`, body: `{"enabled":${enabled}}\n` }),
  limit: (name) => ({ method: 'POST', path: toxics(name), body: '{"type":"limit_data"}' }),
  allow: (name, bytes) => ({ method: 'PATCH', path: `${toxics(name)}/${TOXIC}`, body: `{"attributes":{"bytes":${bytes}}}` }),
}

export const dialects: readonly Dialect[] = [go, ruby, python, java, dotNet, rust, curl]
