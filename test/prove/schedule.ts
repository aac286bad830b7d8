/**
 * A fake clock, three workers whose clocks differ, nights on which all of them are down, both changes of the clocks: every window fires once, at the
 * latest five minutes after somebody is there, and of several that were missed only the last.
 */
import { openDatabase, type Database } from '../../src/store/database.ts'
import type { Jobs, Ring } from '../../src/store/jobs.ts'
import { fireWindows } from '../../src/tasks/worker/schedule.ts'
import { freshDatabase, startPostgres } from '../postgres.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const LATEST_MS = 5 * MINUTE
const SKEW_MS = 2 * MINUTE
const WORKERS = 3

/** Where the clocks change at two, at midnight, and by half an hour. */
const zones = ['Europe/Paris', 'America/New_York', 'Atlantic/Azores', 'Australia/Lord_Howe']
const times: readonly { expression: string; hours: readonly number[]; minute: number; weekdays: readonly number[] }[] = [
  { expression: '0 3 * * *', hours: [3], minute: 0, weekdays: [0, 1, 2, 3, 4, 5, 6] },
  { expression: '30 2 * * *', hours: [2], minute: 30, weekdays: [0, 1, 2, 3, 4, 5, 6] },
  { expression: '0 2 * * *', hours: [2], minute: 0, weekdays: [0, 1, 2, 3, 4, 5, 6] },
  { expression: '15 1,13 * * *', hours: [1, 13], minute: 15, weekdays: [0, 1, 2, 3, 4, 5, 6] },
  { expression: '45 0 * * 1-5', hours: [0], minute: 45, weekdays: [1, 2, 3, 4, 5] },
]
/** Around both changes of 2026 on either half of the globe. */
const starts = ['2026-03-05T12:00:00Z', '2026-03-25T12:00:00Z', '2026-10-01T12:00:00Z', '2026-10-21T12:00:00Z', '2026-10-29T12:00:00Z']
const DAYS = 7

export const schedule: Proof = async ({ short, seed, say }) => {
  const random = randomFrom(seed)
  const violations: string[] = []
  const server = await startPostgres()
  const database = await openDatabase({ url: await freshDatabase(server.url), dir: '/nowhere', log: () => undefined })
  let windows = 0
  let missed = 0
  const trials = short ? 10 : 300
  try {
    for (let trial = 1; trial <= trials; trial++) {
      const outcome = await oneWeek(database, trial, random)
      windows += outcome.windows
      missed += outcome.missed
      violations.push(...outcome.violations)
    }
    say(`${trials} weeks, ${windows} windows, ${missed} of them missed by everybody and followed by a later one`)
    return { trials, violations }
  } finally {
    await database.close()
    await server.stop()
  }
}

type Outcome = { windows: number; missed: number; violations: string[] }

async function oneWeek(database: Database, trial: number, random: Random): Promise<Outcome> {
  const timezone = zones[random(zones.length)]!
  const time = times[random(times.length)]!
  const from = Date.parse(starts[random(starts.length)]!)
  const connection = `week ${trial}`
  const windows = opensBetween(timezone, time, from - 3 * DAY, from + DAYS * DAY)
  const skews = Array.from({ length: WORKERS }, () => random(2 * SKEW_MS) - SKEW_MS)
  const looks = plan(windows, from, random, skews)
  const fired = new Map<string, number[]>()
  for (const { at, worker, late } of looks) {
    const rings: Ring[] = []
    const bells: Pick<Jobs, 'ring' | 'nudge'> = { ring: async (_trx, ring) => void rings.push(ring), nudge: () => undefined }
    let key = ''
    await fireWindows({
      db: database.db,
      jobs: bells as Jobs,
      connections: [{ name: connection, expression: time.expression }],
      timezone,
      now: () => at + skews[worker]! - late,
      log: (_event, facts) => {
        if (facts?.['kind'] === 'sweep') key = String(facts['opens'])
      },
    })
    for (const ring of rings) if (ring.queue === 'sweep') fired.set(key, [...(fired.get(key) ?? []), at])
  }
  return judge(`${timezone} ${time.expression} from ${new Date(from).toISOString().slice(0, 10)}`, { windows, looks, skews, fired })
}

/** `late`: the worker looked at its clock so long before it went on, because it was stopped in between. */
type Look = { at: number; worker: number; late: number }

/** Every worker looks every minute while it is up; now and then all are down for hours, mostly when a window opens. */
function plan(windows: readonly Open[], from: number, random: Random, skews: readonly number[]): Look[] {
  const down: [number, number][] = windows.flatMap(({ at }): [number, number][] => {
    const dice = random(4)
    if (dice === 0) return [[at - random(3 * 60) * MINUTE, at + random(9 * 60) * MINUTE]]
    return dice === 1 && random(3) === 0 ? [[at - random(60) * MINUTE, at + DAY + random(20 * 60) * MINUTE]] : []
  })
  const looks: Look[] = []
  for (let worker = 0; worker < skews.length; worker++) {
    const phase = random(MINUTE)
    // Looks that cannot differ from the one before are left out: a window is near, or a return.
    const near = [...windows.map(({ at }) => at), ...down.map(([, end]) => end)]
    for (let at = from + phase; at < from + DAYS * DAY; at += MINUTE) {
      const interesting = near.some((moment) => at > moment - 4 * MINUTE && at < moment + 9 * MINUTE)
      if (!interesting && random(240) > 0) continue
      if (down.some(([start, end]) => at >= start && at < end)) continue
      looks.push({ at, worker, late: random(50) === 0 ? MINUTE : 0 })
    }
  }
  return looks.sort((a, b) => a.at - b.at)
}

function judge(
  name: string,
  {
    windows,
    looks,
    skews,
    fired,
  }: { windows: readonly Open[]; looks: readonly Look[]; skews: readonly number[]; fired: ReadonlyMap<string, number[]> },
): Outcome {
  const violations: string[] = []
  let missed = 0
  const first = looks[0]?.at ?? Infinity
  const known = new Set(windows.map((one) => one.key))
  for (const key of fired.keys()) if (!known.has(key)) violations.push(`${name}: ${key} fired and is no window`)
  for (const [index, { key, at }] of windows.entries()) {
    const times = fired.get(key) ?? []
    if (times.length > 1) violations.push(`${name}: ${key} fired ${times.length} times`)
    const next = windows[index + 1]?.at ?? Infinity
    // Somebody who is there, by his own clock after it opened and before the next one does.
    const seen = looks.find((look) => look.at + skews[look.worker]! - look.late >= at && look.at + skews[look.worker]! - look.late < next)
    if (!seen || looks.some((look) => look.at < seen.at && look.at + skews[look.worker]! - look.late >= next)) {
      if (at >= first) missed++
      continue
    }
    if (times.length === 0) violations.push(`${name}: ${key} never fired`)
    else if (times[0]! > Math.max(seen.at, at) + LATEST_MS) violations.push(`${name}: ${key} fired too late`)
  }
  return { windows: windows.filter(({ at }) => at >= first).length, missed, violations }
}

type Open = { key: string; at: number }

/** By another way than the service: minute after minute through the time that a clock on the wall there shows. */
function opensBetween(timeZone: string, time: (typeof times)[number], from: number, until: number): Open[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const wallOf = (at: number): string => format.format(at).replace(' ', 'T')
  const open: Open[] = []
  const done = new Set<string>()
  let before = wallOf(from - MINUTE)
  for (let at = from; at < until; at += MINUTE) {
    const wall = wallOf(at)
    // Every wall time that has come since the minute before: one, or an hour of them when the clocks were put forward.
    for (const key of due(time, before, wall)) {
      if (done.has(key)) continue
      done.add(key)
      // What the clocks skip opens as much later as they were put forward.
      open.push({ key, at: key === wall ? at : at + minutesBetween(before, key) * MINUTE - MINUTE })
    }
    if (wall > before) before = wall
  }
  return open.sort((a, b) => a.at - b.at)
}

function due(time: (typeof times)[number], after: string, upTo: string): string[] {
  const days = [...new Set([after.slice(0, 10), upTo.slice(0, 10)])]
  return days
    .filter((day) => time.weekdays.includes(new Date(`${day}T00:00:00Z`).getUTCDay()))
    .flatMap((day) => time.hours.map((hour) => `${day}T${pad(hour)}:${pad(time.minute)}`))
    .filter((key) => key > after && key <= upTo)
}

function minutesBetween(a: string, b: string): number {
  return (Date.parse(`${b}:00Z`) - Date.parse(`${a}:00Z`)) / MINUTE
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
