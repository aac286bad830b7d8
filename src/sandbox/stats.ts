/** What the control port tells about traffic: counts by route template and status, never an id, an address or a body. */
export type LogLine = {
  at: string
  crm: string
  method: string
  /** `/crm/v3/objects/contacts/{id}` */
  route: string
  /** 0: the connection ended without an answer. */
  status: number
  /** In real time. */
  tookMs: number
  /** Kind of the planned fault that hit it. */
  fault?: string
}

export type LogQuery = {
  last: number
  crm?: string | undefined
  method?: string | undefined
  route?: string | undefined
  status?: number | undefined
}

export type CrmStats = {
  requests: number
  status429: number
  /** The most requests that ever arrived within ten seconds of real time. */
  maxIn10s: number
  /** The same without searches: what HubSpot's ten-second limit counts. */
  maxOrdinaryIn10s: number
  /** The most searches that ever arrived within one second of real time. */
  maxSearchesIn1s: number
  /** `GET /crm/v3/objects/contacts` → status → count; status 0: the connection ended without an answer. */
  routes: Record<string, Record<string, number>>
}

export type Stats = {
  /** Counts an arrival; `elapsedMs` is monotonic. */
  arrived(crm: string, elapsedMs: number, search: boolean): void
  answered(line: LogLine): void
  report(): Record<string, CrmStats>
  /** The last lines that fit the query, and how many do among the last ten thousand. */
  log(query: LogQuery): { lines: LogLine[]; matching: number }
  clear(): void
}

const LOG_LENGTH = 10_000

export function createStats(crms: readonly string[]): Stats {
  let perCrm = new Map<string, Tally>()
  let lines: LogLine[] = []

  function clear(): void {
    perCrm = new Map(crms.map((crm) => [crm, createTally()]))
    lines = []
  }
  clear()

  return {
    clear,
    arrived(crm, elapsedMs, search) {
      const tally = perCrm.get(crm)!
      tally.stats.requests++
      tally.stats.maxIn10s = Math.max(tally.stats.maxIn10s, tally.tenSeconds.add(elapsedMs))
      if (!search) tally.stats.maxOrdinaryIn10s = Math.max(tally.stats.maxOrdinaryIn10s, tally.ordinary.add(elapsedMs))
      else tally.stats.maxSearchesIn1s = Math.max(tally.stats.maxSearchesIn1s, tally.second.add(elapsedMs))
    },
    answered(line) {
      const { stats } = perCrm.get(line.crm)!
      if (line.status === 429) stats.status429++
      const counts = (stats.routes[`${line.method} ${line.route}`] ??= {})
      counts[line.status] = (counts[line.status] ?? 0) + 1
      lines.push(line)
      if (lines.length > 2 * LOG_LENGTH) lines = lines.slice(-LOG_LENGTH)
    },
    report: () => Object.fromEntries([...perCrm].map(([crm, { stats }]) => [crm, structuredClone(stats)])),
    log(query) {
      const found = lines.slice(-LOG_LENGTH).filter((line) => fits(line, query))
      return { lines: found.slice(-query.last), matching: found.length }
    },
  }
}

function fits(line: LogLine, { crm, method, route, status }: LogQuery): boolean {
  if ((crm !== undefined && line.crm !== crm) || (method !== undefined && line.method !== method.toUpperCase())) return false
  return (route === undefined || line.route.startsWith(route)) && (status === undefined || line.status === status)
}

type Tally = { stats: CrmStats; tenSeconds: RollingCount; ordinary: RollingCount; second: RollingCount }

function createTally(): Tally {
  const stats = { requests: 0, status429: 0, maxIn10s: 0, maxOrdinaryIn10s: 0, maxSearchesIn1s: 0, routes: {} }
  return { stats, tenSeconds: rollingCount(10_000), ordinary: rollingCount(10_000), second: rollingCount(1_000) }
}

type RollingCount = { add(ms: number): number }

/** How many arrivals, this one included, lie within the last `spanMs`. */
function rollingCount(spanMs: number): RollingCount {
  let times: number[] = []
  let first = 0
  return {
    add(ms) {
      times.push(ms)
      while (ms - times[first]! >= spanMs) first++
      if (first > 50_000) {
        times = times.slice(first)
        first = 0
      }
      return times.length - first
    },
  }
}
