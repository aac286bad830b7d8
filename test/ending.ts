/** A bench or a proof that is told to end, by Ctrl-C or by whoever runs it, takes along what it has started, and its files. */
import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { rmSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { ownFolder } from './memory-disk.ts'

const GRACE_MS = 10_000

/** To be called before anything is started, or a temporary file made. */
export function endOnSignals(): void {
  const folder = ownFolder()
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  const running = new Set<ChildProcess>()
  let ending = false
  subscribe('child_process', (started) => {
    const { process: child } = started as { process: ChildProcess }
    running.add(child)
    for (const event of ['exit', 'error']) child.once(event, () => running.delete(child))
    if (ending) child.once('spawn', () => child.kill('SIGINT'))
  })
  const end = async (signal: 'SIGINT' | 'SIGTERM'): Promise<void> => {
    // From a terminal it comes twice: by itself, and from npm.
    if (ending) return
    ending = true
    // What fails from now on fails because its server is gone.
    for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, () => undefined)
    // Of Postgres the fast shutdown.
    for (const child of running) child.kill('SIGINT')
    for (const until = Date.now() + GRACE_MS; running.size > 0 && Date.now() < until;) await pause(20)
    for (const child of running) child.kill('SIGKILL')
    process.exit(128 + constants.signals[signal])
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(signal))
}
