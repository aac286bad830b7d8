/** A full sweep, judged, durable and ledgered, against the official client that only pages; then the same again with nothing changed. */
import pg from 'pg'
import { hubspotProperties } from './fields.ts'
import { median, PAIRS, round, runChild, unthrottled, startSandbox, type BenchContext, type Measure } from './measure.ts'
import { withBeds, type Swept } from './sweeps.ts'

type Peer = { seconds: number; records: number; rssMiB: number }

export async function hubspotSweep({ quick, say }: BenchContext): Promise<Measure[]> {
  const people = quick ? 2_000 : 200_000
  const pairs = quick ? 1 : PAIRS
  const sandbox = await startSandbox(['--people', String(people), '--rate-limit', 'off'])
  const env = unthrottled(sandbox)
  try {
    return await withBeds(async (makeBed) => {
      const properties = await hubspotProperties(env)
      const loop = (): Promise<Peer> =>
        runChild<Peer>('./child-hubspot-client.ts', [sandbox.hubspot, env['HUBSPOT_TOKEN']!, properties.join(',')])
      await loop() // warms the sandbox, so that neither side pays for its first look at a page
      const [ratios, again, walPerRecord, bytes, peers, rss]: number[][] = [[], [], [], [], [], []]
      for (let pair = 0; pair < pairs; pair++) {
        const peer = await loop()
        const bed = await makeBed('postgres')
        const empty = await tableBytes(bed.url!)
        const first = await bed.sweep('hubspot', ['--full'], env)
        const size = (await tableBytes(bed.url!)) - empty
        const before = await walPosition(bed.url!)
        const second = await bed.sweep('hubspot', ['--full'], env)
        const wal = (await walPosition(bed.url!)) - before
        if (first.records !== people || second.records !== people || peer.records !== people) throw new Error('not every contact was read')
        ratios!.push(rate(first) / rate(peer))
        again!.push(rate(second) / rate(first))
        walPerRecord!.push(wal / people)
        bytes!.push(size / people)
        peers!.push(rate(peer))
        rss!.push(first.rssMiB / peer.rssMiB)
        say(
          `pair ${pair + 1}: client ${Math.round(rate(peer))}/s, first ${Math.round(rate(first))}/s, unchanged ${Math.round(rate(second))}/s`,
        )
      }
      const embedded = quick ? null : await (await makeBed('embedded')).sweep('hubspot', ['--full'], env)
      const note = `peer ${Math.round(median(peers!))} contacts/s`
      return [
        {
          name: 'full sweep ÷ official client',
          value: round(median(ratios!)),
          unit: 'ratio',
          goal: '≥ 0.5',
          pass: quick ? null : median(ratios!) >= 0.5,
          note,
        },
        ...(embedded
          ? [
              {
                name: 'full sweep on the embedded database ÷ client',
                value: round(rate(embedded) / median(peers!)),
                unit: 'ratio',
                goal: 'report',
                pass: null,
                note,
              },
            ]
          : []),
        {
          name: 'unchanged sweep ÷ first',
          value: round(median(again!)),
          unit: 'ratio',
          goal: '≥ 1.2',
          pass: median(again!) >= 1.2,
          note: '',
        },
        {
          name: 'WAL per unchanged contact',
          value: round(median(walPerRecord!), 1),
          unit: 'bytes',
          goal: '≤ 100',
          pass: median(walPerRecord!) <= 100,
          note: '',
        },
        {
          name: 'database per contact, ledger apart',
          value: round(median(bytes!), 1),
          unit: 'bytes',
          goal: '≤ 200',
          pass: quick ? null : median(bytes!) <= 200,
          note: `${people} contacts`,
        },
        {
          name: 'peak RSS ÷ official client',
          value: round(median(rss!)),
          unit: 'ratio',
          goal: '≤ 1.6',
          pass: quick ? null : median(rss!) <= 1.6,
          note: '',
        },
      ]
    })
  } finally {
    sandbox.stop()
  }
}

function rate(run: Swept | Peer): number {
  return run.records / run.seconds
}

/** Everything but the ledger: tables, indexes, TOAST. What stands there before the first contact is taken off. */
async function tableBytes(url: string): Promise<number> {
  return Number(
    await ask(
      url,
      `select sum(pg_total_relation_size(oid)) as value from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'ledger%'`,
    ),
  )
}

async function walPosition(url: string): Promise<number> {
  return Number(await ask(url, `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as value`))
}

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return ((await client.query(statement)).rows[0] as { value: unknown }).value
  } finally {
    await client.end()
  }
}
