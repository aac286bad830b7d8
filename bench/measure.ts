/** What every benchmark is made of: child processes on one machine, alternating runs, medians. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** `pass` null: reported without a goal, or measured on too little to tell. */
export type Measure = { name: string; value: number; unit: string; goal: string; pass: boolean | null; note: string }
/** `quick`: does it run at all? `large`: sizes for a night; neither: the goals. */
export type BenchContext = { quick: boolean; large: boolean; say: (line: string) => void }

/** Of a whole sweep against a peer, whose rate moves by a fifth from run to run. */
export const PAIRS = 5

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export function round(value: number, digits = 2): number {
  return Math.round(value * 10 ** digits) / 10 ** digits
}

/** Runs a script under this Node and answers the JSON of its last line; its errors go to ours. */
export async function runChild<T>(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<T> {
  const child = spawn(process.execPath, [new URL(script, import.meta.url).pathname, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  let last = ''
  createInterface({ input: child.stdout }).on('line', (line) => (last = line))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${script} ended with code ${code}`)
  return JSON.parse(last) as T
}

export type SandboxProcess = { hubspot: string; salesforce: string; control: string; stop: () => void }

export async function startSandbox(args: readonly string[]): Promise<SandboxProcess> {
  const child = spawn(
    process.execPath,
    [
      '--max-old-space-size=6144',
      new URL('../src/sandbox/main.ts', import.meta.url).pathname,
      '--port',
      '0',
      ...args,
      '--exit-with-parent',
    ],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const urls = await new Promise<{ hubspot: string; salesforce: string; control: string }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the sandbox stopped with code ${code}`)))
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as never))
  })
  return { ...urls, stop: () => child.kill() }
}

export function sandboxEnv(sandbox: SandboxProcess): Record<string, string> {
  return {
    HUBSPOT_API_URL: sandbox.hubspot,
    HUBSPOT_TOKEN: 'pat-eu1-sandbox-0000-0000-000000000001',
    HUBSPOT_INDEX_LAG_MS: '1500',
    HUBSPOT_SHARE: '1',
    SALESFORCE_LOGIN_URL: sandbox.salesforce,
    SALESFORCE_CLIENT_ID: 'sandbox-client',
    SALESFORCE_CLIENT_SECRET: 'sandbox-secret',
    SALESFORCE_LOOKBACK_MS: '1000',
  }
}

/** Neither side holds back: the connector's own budget is what it is for, and would be all that is measured. */
export function unthrottled(sandbox: SandboxProcess): Record<string, string> {
  return { ...sandboxEnv(sandbox), HUBSPOT_REQUESTS_PER_10S: '1000000' }
}
