import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { describeFailure, exitCodeOf } from '../../src/cli/failure.ts'
import { untilInterrupted } from '../../src/cli/interrupt.ts'
import { runHere } from './here.ts'

describe('Ctrl-C', () => {
  it('ends a run with one line on what to expect, whatever it was waiting for', async () => {
    const waits: ((signal: AbortSignal) => Promise<void>)[] = [
      (signal) => setTimeout(60_000, undefined, { signal }),
      async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        signal.throwIfAborted()
      },
    ]
    const words = {
      sweep: 'everything read so far is stored, and the next sweep goes on from there',
      requests:
        'what was done is noted: "accord request list" shows what is open, and "accord request run", or the service, goes on with it',
      retention: 'what was done is noted, and "accord retention run", or the service, goes on with it',
      again: 'give the same command again',
    } as const
    const each = waits.flatMap((wait) => Object.entries(words).map(([then, rest]) => ({ wait, then: then as keyof typeof words, rest })))
    for (const { wait, then, rest } of each) {
      const ended = untilInterrupted(wait, then).catch((error: unknown) => error)
      process.emit('SIGINT')
      const error = await ended
      expect([describeFailure(error), exitCodeOf(error)]).toEqual([`interrupted; ${rest}`, 1])
    }
  })
  it('hides no fault that happens meanwhile', async () => {
    const fault = new TypeError('a fault of ours')
    const ended = untilInterrupted(async () => {
      process.emit('SIGTERM')
      throw fault
    }, 'again')
    await expect(ended).rejects.toBe(fault)
  })
})

it('--as-of refuses a day that no calendar has', async () => {
  const { code, stderr } = await runHere(['sweep', '--dry-run', '--as-of', '2026-02-30'])
  expect([code, stderr]).toEqual([2, '--as-of takes a day as YYYY-MM-DD\n'])
})
