/** Where those who take a step side by side wait for each other, so that what came of it is stored for all of them in one commit. */

export type Meeting = {
  /** Answers as the work does: when it fails, at once; else when all have come to their end, or a moment later with those who have. */
  after: <T>(work: Promise<T>) => Promise<T>
  /** For who has nothing to wait for. */
  pass: () => void
}

/** A CRM may take a minute over one of them: what came of the others is stored meanwhile, so that a crash does not make us do it again. */
const MOST_MS = 1_000

/** `expected`: how many come, each once. */
export function openMeeting(expected: number): Meeting {
  let missing = expected
  let waiting: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined
  const go = (): void => {
    clearTimeout(timer)
    timer = undefined
    for (const done of waiting.splice(0)) done()
  }
  const come = (done: () => void): void => {
    waiting.push(done)
    missing--
    if (missing <= 0) go()
    else timer ??= setTimeout(go, MOST_MS)
  }
  const pass = (): void => {
    missing--
    if (missing <= 0) go()
  }
  return {
    pass,
    async after(work) {
      const [end] = await Promise.allSettled([work])
      if (end.status === 'fulfilled') await new Promise<void>(come)
      else pass()
      return work
    },
  }
}

/** Of nobody else. */
export const alone: Meeting = { after: (work) => work, pass: () => undefined }
