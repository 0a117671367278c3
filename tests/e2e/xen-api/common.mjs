// What the tests with the npm package xen-api share: a connection, and lines that tests/run counts.
import { createClient } from 'xen-api'
import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

let failed = false
let prefix = ''
let xapi

export const report = (name, good, why) => {
  failed ||= !good
  console.log(good ? `ok ${prefix}: ${name}` : `not ok ${prefix}: ${name} - ${why}`)
}
export const until = async (name, test) => {
  for (let i = 0; i < 200; i++) {
    if (test()) return report(name, true)
    await pause(25)
  }
  report(name, false, 'the cache did not follow within 5 s')
}
export const check = async (name, fn) => {
  try {
    report(name, (await fn()) !== false, 'answer is false')
  } catch (error) {
    report(name, false, error.message ?? String(error))
  }
}

// The local socket, which the package does not know, becomes a port of our own.
const portOf = async path => {
  const server = net.createServer(s => {
    const to = net.connect(path)
    s.pipe(to).pipe(s)
    for (const one of [s, to]) one.on('error', () => { s.destroy(); to.destroy() })
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${server.address().port}`
}

// A client that is connected; the program ends after so many seconds at the latest.
export const open = async (url, user, password, transport, seconds) => {
  prefix = transport
  if (url.startsWith('/')) url = await portOf(url)
  setTimeout(() => {
    report('the whole test', false, `no end within ${seconds} s`)
    process.exit(1)
  }, seconds * 1e3).unref()
  xapi = createClient({ url, auth: { user, password }, transport, allowUnauthorized: true })
  await check('connects', () => xapi.connect())
  await check('fetches all objects', () => xapi.objectsFetched)
  return xapi
}
export const end = async () => {
  await check('disconnects', () => xapi.disconnect())
  process.exit(failed ? 1 : 0)
}
