import { describe, expect, it } from 'vitest'
import {
  addressesIn,
  environmentFor,
  readyPathIn,
  startCommand,
  upstreamsIn,
  variablesIn,
  withChosenPort,
} from '../../../src/project/init/gateway-facts.ts'

describe('the command that starts a gateway', () => {
  it.each([
    [
      'its start script',
      { scripts: { start: 'node --enable-source-maps server.js' } },
      ['index.js'],
      'node --enable-source-maps server.js',
    ],
    [
      'its main file, where the script runs a program of the package',
      { scripts: { start: 'nodemon x' }, main: 'gw.js' },
      ['gw.js'],
      'node gw.js',
    ],
    ['a file of a usual name', undefined, ['server.js'], 'node server.js'],
    ['its module, in Go', undefined, ['go.mod', 'main.go'], 'go run .'],
    ['a file of a usual name, in Python', undefined, ['app.py'], 'python3 app.py'],
    ['unknown where nothing shows it', { main: 'index.js' }, ['README.md'], undefined],
  ])('is %s', (_, manifest, files, command) => {
    expect(startCommand({ ...(manifest && { manifest }), files })).toBe(command)
  })

  it('listens where a run chooses', () => {
    expect(withChosenPort('uvicorn app:app --port 8000')).toBe('uvicorn app:app --port {PORT}')
    expect(withChosenPort('node server.js --port=8000 --report 1')).toBe('node server.js --port={PORT} --report 1')
  })
})

describe('variables of the environment', () => {
  it('are found in the usual languages', () => {
    const sources = [
      "process.env.ORDERS_URL, process.env['A_URL'], import.meta.env.B_URL",
      'os.environ["C_URL"] os.environ.get("D_URL") os.getenv("E_URL")',
      'os.Getenv("F_URL") os.LookupEnv("G_URL") System.getenv("H_URL") env::var("I_URL") ENV["J_URL"] ENV.fetch("K_URL") ${L_URL}',
      'const OTHER_URL = 1',
    ]
    const letters = ['ORDERS', ...'ABCDEFGHIJKL'.split('')]
    expect(variablesIn(sources)).toEqual(letters.map((name) => `${name}_URL`))
  })

  it('speak of upstreams, and of what is none', () => {
    expect(
      upstreamsIn(['ORDERS_URL', 'PAYMENT_SERVICE_URL', 'AUDIT_LOG_HOST', 'DATABASE_URL', 'REDIS_HOST', 'NODE_ENV', 'ORDERS_HOST']),
    ).toEqual(['orders', 'payment', 'audit-log'])
  })

  it.each([
    ['a URL', ['PORT', 'ORDERS_API_URL'], { ORDERS_API_URL: '{upstreams.orders.url}' }],
    [
      'a host and a port',
      ['ORDERS_HOST', 'ORDERS_PORT'],
      { ORDERS_HOST: '{upstreams.orders.host}', ORDERS_PORT: '{upstreams.orders.port}' },
    ],
    ['a host with its port', ['ORDER_SERVICE_HOST'], { ORDER_SERVICE_HOST: '{upstreams.orders.url}' }],
    ['a prefix', ['UPSTREAM_ORDERS_URL', 'ORDERS_RETRIES'], { UPSTREAM_ORDERS_URL: '{upstreams.orders.url}' }],
    ['a name that says no more', ['ORDERS_API', 'ORDERS_API_KEY'], { ORDERS_API: '{upstreams.orders.url}' }],
    ['nothing', [], { ORDERS_URL: '{upstreams.orders.url}' }],
    ['its own port', ['HTTP_PORT'], { HTTP_PORT: '{PORT}', ORDERS_URL: '{upstreams.orders.url}' }],
    ['its own address', ['LISTEN_ADDR'], { LISTEN_ADDR: '127.0.0.1:{PORT}', ORDERS_URL: '{upstreams.orders.url}' }],
  ])('tell a gateway its addresses where it reads %s', (_, variables, environment) => {
    expect(environmentFor(['orders'], variables)).toEqual(environment)
  })
})

it('finds the path that says when a gateway is ready', () => {
  expect(readyPathIn([`app.get('/health', ok)`, `mux.HandleFunc("/readyz", ok)`])).toBe('/readyz')
  expect(readyPathIn(['location /healthz {'])).toBe('/healthz')
  expect(readyPathIn([`app.get('/health-insurance', ok)`])).toBeUndefined()
})

it.each([
  ["app.get('/orders/:id', one); app.post(`/orders`, make); app.get('/health', ok)", ['GET /orders/{id}', 'POST /orders']],
  ['mux.HandleFunc("GET /v1/seats/{event}", seats); mux.Handle("/v1/any", any)', ['GET /v1/seats/{event}', 'GET /v1/any']],
  ['@app.get("/v1/box/{user}")\n@app.route("/users/<int:id>", methods=["PUT"])', ['GET /v1/box/{user}', 'PUT /users/{id}']],
  ['@PostMapping("/carts")', ['POST /carts']],
  ["cache.get('orders'); fetch('/x'); app.get('/', home)", []],
])('finds what a gateway serves: %s', (source, served) => {
  expect(addressesIn([source, source])).toEqual(served)
})
