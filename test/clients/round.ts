/** A round is one client talking to a fresh sandbox; it reports step by step. */
export type Addresses = { control: string; hubspot: string; salesforce: string }
export type Round = { name: string; run(at: Addresses, report: Report): Promise<void> }
export type Report = {
  /** One thing the client does. A failed step is printed and counted; the round goes on. */
  step(name: string, work: () => Promise<void>): Promise<void>
  /** Says why the rest of the round cannot be tried here. */
  skip(reason: string): void
}
export type Tally = { passed: number; failed: number; skipped: number }

export function createReport(round: string, tally: Tally, print: (line: string) => void): Report {
  return {
    async step(name, work) {
      const started = performance.now()
      try {
        await work()
        tally.passed += 1
        print(`ok    ${round}: ${name} (${Math.round(performance.now() - started)} ms)`)
      } catch (error) {
        tally.failed += 1
        print(`FAIL  ${round}: ${name}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`)
      }
    },
    skip(reason) {
      tally.skipped += 1
      print(`skip  ${round}: ${reason}`)
    },
  }
}

/** Pulls a lever, or moves the clock, through the control port. */
export async function control(at: Addresses, path: string, body: object = {}): Promise<unknown> {
  const answer = await fetch(at.control + path, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`control port ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
