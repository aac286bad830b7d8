import { Command } from 'commander'
import { proveEntry } from '../core/ledger/proof.ts'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { openHashKey } from '../store/hash-key.ts'
import { readStatement } from '../tasks/consent/statements.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean }

/** As `wordsOf` of tasks/consent/consents.ts and `count` of tasks/consent/ask.ts write them. */
const NAMES = {
  consent: ['mailbox', 'event', 'purpose', 'channel', 'said', 'received', 'wording', 'form', 'how', 'apiKey', 'optIn'],
  confirmed: ['mailbox', 'purpose', 'channel', 'said', 'confirmed'],
} as const

export function statementCommand(): Command {
  return new Command('statement')
    .description(
      'What the ledger itself says of one consent or withdrawal, with its path to the hash of a block: evidence for a court or an authority.',
    )
    .argument('<proof>', 'its number, as POST /api/v1/consents answered it')
    .addHelpText(
      'after',
      '\nReads the whole ledger. Says "destroyed" of somebody who was erased: the entry is there, and nobody can read it.',
    )
    .action(async (proof: string, flags: Flags) => {
      if (!UUID.test(proof)) throw new UsageError('the number of a proof looks like 7f3a2f0e-1b2c-4d3e-8f90-a1b2c3d4e5f6')
      const settings = readSettings(process.env, flags)
      const store = await openStore(settings)
      try {
        const { key } = await openHashKey(store.db, settings.dataDir, settings.hashKey)
        const found = await readStatement({ db: store.db, hashKey: key }, proof.toLowerCase())
        if (found.length === 0) throw new UsageError('the ledger has no such statement')
        const shown = found.map(({ place, block, index, words }) => {
          const { header, entry, path } = proveEntry(block, index)
          const said = words && Object.fromEntries(NAMES[place.kind].map((name, at) => [name, words[at]]))
          const hex = { previous: header.previous.toString('hex'), root: header.root.toString('hex') }
          const evidence = {
            header: { ...header, ...hex },
            hash: block.hash.toString('hex'),
            entry,
            index,
            path: path.map((one) => one.toString('hex')),
          }
          return { kind: place.kind, of: place.object, said, block: block.seq, at: block.at, evidence }
        })
        if (flags.json) return printJson(shown)
        for (const { kind, of, said, block, at, evidence } of shown) {
          printLine(`${kind} (${of}), entry ${evidence.index + 1} of block ${block}, ${at}, hash ${evidence.hash}`)
          if (said === null) printLine('  destroyed: nobody can read it any more')
          else
            for (const [name, value] of Object.entries(said))
              printLine(`  ${name}: ${Array.isArray(value) ? value.join(', ') : String(value ?? '–')}`)
        }
      } finally {
        await store.close()
      }
    })
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
