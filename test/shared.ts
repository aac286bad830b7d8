/** What the files of one test run share: made by `test/run.ts` in the process that leads the run, when the first file asks. */
export type Shared = 'postgres' | 'embedded'

/** Where the leading process answers. */
export const SHARED_BY_THE_RUN = 'ACCORD_TEST_RUN'

/** A connection string, or the data directory to copy; null outside a test run. */
export async function sharedByTheRun(what: Shared): Promise<string | null> {
  const run = process.env[SHARED_BY_THE_RUN]
  if (!run) return null
  const answer = await fetch(`${run}/${what}`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${what} could not be started for this test run: ${text}`)
  return text
}
