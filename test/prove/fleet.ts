/** One process that hears and several that work, on one Postgres; what is killed is started again, and what ends by itself is told. */
import { setTimeout as pause } from 'node:timers/promises'
import { startServing, type ServiceProcess } from '../service-process.ts'

export type Fleet = {
  /** Kills one worker -9, and has another started in its place. */
  kill: (index: number) => Promise<void>
  /** Until all are there again. */
  complete: () => Promise<void>
  /** Processes that ended though nobody ended them. */
  ended: () => string[]
  /** Lets them come to their end; answers those that did not end well. */
  stop: () => Promise<string[]>
}

/** `port`: of the process that hears. */
export async function startFleet(
  env: Readonly<Record<string, string>>,
  { port, workers }: { port: number; workers: number },
): Promise<Fleet> {
  const startWorker = (): Promise<ServiceProcess> => startServing(['--role', 'worker'], { ...env, ACCORD_PORT: '0' })
  const web = startServing(['--role', 'web'], { ...env, ACCORD_PORT: String(port) })
  const running = Array.from({ length: workers }, startWorker)
  await Promise.all([web, ...running])
  const violations: string[] = []
  const note = async (name: string, starting: Promise<ServiceProcess>): Promise<void> => {
    const { exitCode, signalCode } = (await starting).child
    if (exitCode !== null || signalCode !== null) violations.push(`${name} ended by itself with ${exitCode ?? signalCode}`)
  }
  return {
    kill: async (index) => {
      await note(`worker ${index}`, running[index]!)
      await (await running[index]!).kill()
      running[index] = untilStarted(startWorker)
      running[index].catch(() => undefined) // awaited by the next kill, or at the end
    },
    complete: async () => {
      await Promise.all(running)
      await note('web', web)
      for (const [index, worker] of running.entries()) await note(`worker ${index}`, worker)
    },
    ended: () => violations,
    stop: async () => {
      const codes = await Promise.all([web, ...running].map(async (one) => (await one).stop()))
      return codes.flatMap((code, index) => (code === 0 ? [] : [`process ${index} ended with code ${code} when it was told to stop`]))
    },
  }
}

/** A database that is away lets no process start: whoever looks after processes tries again. */
async function untilStarted(start: () => Promise<ServiceProcess>): Promise<ServiceProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start()
    } catch (error) {
      if (attempt === 100) throw error
      await pause(1_000)
    }
  }
}
