/** Random requests against a sandbox of its own: no 5xx, no hang, no crash, no growth without end, and every refusal in the vendor's own words. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { Agent, request as httpRequest } from 'node:http'
import { createInterface } from 'node:readline'
import { HUBSPOT, SALESFORCE } from './fuzz-templates.ts'
import { createFuzzer } from './fuzz-request.ts'
import { flawOf } from './fuzz-shape.ts'
import { randomFrom } from './random.ts'
import { rawRequest, sendRaw } from './fuzz-raw.ts'
import type { ChildProcess } from 'node:child_process'
import type { FuzzRequest, Known } from './fuzz-request.ts'
import type { Proof } from './proof.ts'

const TOKEN = 'pat-eu1-sandbox-0000-0000-000000000001'
const PATIENCE_MS = 5_000
const AT_ONCE = 6
const ROUND = 500
const LARGEST_RSS = 900 * 1024 * 1024

type Answer = { status: number; type: string; text: string }
type Urls = { control: string; hubspot: string; salesforce: string }

export const sandboxFuzz: Proof = async ({ short, seed, say }) => {
  const requests = short ? 5_000 : 20_000
  const random = randomFrom(seed)
  const violations: string[] = []
  const child = spawn(
    process.execPath,
    [
      new URL('../../src/sandbox/main.ts', import.meta.url).pathname,
      '--people',
      '60',
      '--port',
      '0',
      '--rate-limit',
      'off',
      '--random-seed',
      String(seed % 1_000_000_000),
      '--exit-with-parent',
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const defects: string[] = []
  child.stderr!.on('data', (chunk: Buffer) => defects.push(chunk.toString()))
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const statuses = new Map<number, number>()
  let sent = 0
  try {
    const urls = await started(child)
    while (sent < requests && violations.length < 20) {
      const known = await look(urls)
      const fuzz = createFuzzer(random, random(2) === 0 ? HUBSPOT : SALESFORCE, known)
      const round = Array.from({ length: ROUND }, () =>
        random(20) === 0
          ? { crm: random(2) === 0 ? ('hubspot' as const) : ('salesforce' as const), ...rawRequest(random, known.tokens.hubspot) }
          : fuzz(),
      )
      sent += round.length
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let next = round.shift(); next !== undefined; next = round.shift()) {
            const problem =
              'bytes' in next
                ? await sendRaw(portOf(urls[next.crm]), next.bytes, next.halfClose, PATIENCE_MS)
                : await tryOne(agent, urls, next, statuses)
            if (problem !== undefined) violations.push(`${next.what}: ${problem}`)
          }
        }),
      )
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('the sandbox died')
      const rss = await residentBytes(child.pid!)
      if (rss > LARGEST_RSS) violations.push(`the sandbox holds ${Math.round(rss / 1024 / 1024)} MB after ${sent} requests`)
      say(`${sent} requests, ${violations.length} violations, ${Math.round(rss / 1024 / 1024)} MB`)
    }
  } catch (error) {
    violations.push(`after ${sent} requests: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    agent.destroy()
    child.kill()
  }
  say(
    `statuses: ${[...statuses]
      .sort()
      .map(([status, count]) => `${status} × ${count}`)
      .join(', ')}`,
  )
  if (defects.length > 0) say(defects.join('').slice(0, 4_000))
  return { trials: sent, violations }
}

async function started(child: ChildProcess): Promise<Urls> {
  const lines = createInterface({ input: child.stdout! })
  for await (const line of lines) return JSON.parse(line) as Urls
  throw new Error('the sandbox did not start')
}

const portOf = (url: string): number => Number(new URL(url).port)

/** Ids and tokens that work now: the requests before may have ended any of them. Says by failing that the sandbox no longer does. */
async function look(urls: Urls): Promise<Known> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
  const signal = (): AbortSignal => AbortSignal.timeout(PATIENCE_MS)
  const { access_token: salesforce } = (await (
    await fetch(`${urls.salesforce}/services/oauth2/token`, { method: 'POST', body: form, signal: signal() })
  ).json()) as { access_token: string }
  const contacts = (await (
    await fetch(`${urls.hubspot}/crm/v3/objects/contacts?limit=20`, { headers: { authorization: `Bearer ${TOKEN}` }, signal: signal() })
  ).json()) as { results: { id: string }[] }
  const get = async (path: string, init: RequestInit = {}): Promise<Record<string, unknown>> =>
    (await (
      await fetch(`${urls.salesforce}/services/data/v60.0${path}`, {
        ...init,
        headers: { authorization: `Bearer ${salesforce}`, 'content-type': 'application/json' },
        signal: signal(),
      })
    ).json()) as Record<string, unknown>
  const found = (await get('/query?q=SELECT+Id+FROM+Contact+LIMIT+20')) as { records: { Id: string }[] }
  const job = await get('/jobs/ingest', {
    method: 'POST',
    body: JSON.stringify({ object: 'Contact', operation: 'insert', contentType: 'CSV', lineEnding: 'LF' }),
  })
  return {
    ids: {
      contact: ['1', ...contacts.results.map(({ id }) => id)],
      sfid: ['003440000000001', ...found.records.map(({ Id }) => Id)],
      job: [String(job.id)],
      token: [salesforce],
    },
    tokens: { hubspot: TOKEN, salesforce },
  }
}

async function tryOne(agent: Agent, urls: Urls, request: FuzzRequest, statuses: Map<number, number>): Promise<string | undefined> {
  const answer = await send(agent, urls[request.crm], request)
  if (typeof answer === 'string') return answer
  statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
  return flawOf(request, answer)
}

function send(agent: Agent, base: string, { method, target, headers, body }: FuzzRequest): Promise<Answer | string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(base)
    const sent = httpRequest({
      agent,
      hostname,
      port,
      method,
      path: target,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(body.length) }) },
    })
    const timer = setTimeout(() => {
      resolve(`no answer within ${PATIENCE_MS} ms`)
      sent.destroy()
    }, PATIENCE_MS)
    const finish = (answer: Answer | string): void => {
      clearTimeout(timer)
      resolve(answer)
    }
    sent.on('error', (error) => finish(`the connection broke: ${error.message}`))
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', (error) => finish(`the answer broke off: ${error.message}`))
      response.on('end', () =>
        finish({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    sent.end(body)
  })
}

/** From /proc; 0 where there is none. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
}
