/** A request for access or portability, answered: what is looked at first, and how the copy reaches the person. */
import { open, rename, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import { openCopyDeps, openZip } from '../copies.ts'
import { languageOf, type Language } from '../core/text/language.ts'
import { openParts } from '../main.ts'
import { openErasureDeps } from '../rights.ts'
import { COPY_PATH } from '../server/copy.ts'
import { readSettings } from '../settings.ts'
import { loadRequest } from '../store/requests.ts'
import { isCopyKind, openCopy, type Copy, type CopyDeps } from '../tasks/access/copy.ts'
import { decideTexts, noteHandedOver, offerCopy, toldBy, withheldIn } from '../tasks/access/copy-link.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine } from './output.ts'
import { accepted, oneOf, requestId, userOf, type Flags } from './request-deps.ts'

const languages: readonly Language[] = ['fr', 'en']
type LanguageFlags = Flags & { language?: string }

export function reviewCommand(): Command {
  return new Command('review')
    .description('Show the texts of a copy that may name somebody else, and note which of them the person gets (GDPR art. 15(4)).')
    .argument('<request>', 'its number')
    .option('--release <key...>', 'texts, by the first characters of their keys, that may go out; "all" for all')
    .option('--withhold <key...>', 'texts that may not; "all" for all')
    .option('--user <name>', 'who decides')
    .addHelpText('after', '\nThe texts are read from the systems now and shown here alone; of a decision only a keyed fingerprint is kept.')
    .action(async (typed: string, flags: LanguageFlags & { release?: string[]; withhold?: string[]; user?: string }) => {
      const { release = [], withhold = [] } = flags
      if (release.length + withhold.length > 0 && flags.user === undefined) throw new UsageError('say with --user who decides')
      await withCopies(flags, typed, async ({ copies, id }, signal) => {
        const { marked } = (await readThrough(copies, id, flags, signal)).end
        for (const [decision, keys] of [
          ['release', release],
          ['withhold', withhold],
        ] as const)
          if (keys.length > 0) await decideTexts(copies.deps, id, { keys: chosen(marked, keys), decision, user: userOf(flags.user ?? '') })
        const after = release.length + withhold.length > 0 ? (await readThrough(copies, id, flags, signal)).end.marked : marked
        if (flags.json) printJson(after)
        else
          for (const { key, place, text, decision } of after)
            printLine(`${key.slice(0, 12)}  ${decision ?? 'undecided'}  ${place}\n    ${oneLine(text)}\n`)
        if (!flags.json)
          printLine(
            `${after.length} texts may name somebody else, ${after.filter((one) => one.decision === null).length} of them undecided.`,
          )
      })
    })
}

function chosen(marked: Copy['end']['marked'], prefixes: readonly string[]): readonly string[] {
  const keys = prefixes.flatMap((prefix) => {
    const found = prefix === 'all' ? marked.map(({ key }) => key) : marked.flatMap(({ key }) => (key.startsWith(prefix) ? [key] : []))
    if (found.length === 0 && prefix !== 'all') throw new UsageError(`no text has a key that begins with ${prefix}`)
    return found
  })
  return [...new Set(keys)]
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 600 ? `${line.slice(0, 599)}…` : line
}

export function exportCommand(): Command {
  return new Command('export')
    .description('Write the copy of a person’s data to a file, read from every system now (GDPR art. 15, 20). Nothing else of it is kept.')
    .argument('<request>', 'its number')
    .argument('<file>', 'where to, such as copy.zip; an existing file is left alone')
    .option('--language <language>', `of the copy: ${languages.join(', ')}; otherwise as the person or the company writes`)
    .option('--handed-over', 'note that the person is given this file: that is the answer')
    .option('--user <name>', 'with --handed-over, who gives it')
    .action(async (typed: string, file: string, flags: LanguageFlags & { handedOver?: boolean; user?: string }) => {
      if (flags.handedOver === true && flags.user === undefined) throw new UsageError('say with --user who hands it over')
      if (existsSync(file)) throw new UsageError(`${file} is there already: give another name`)
      await withCopies(flags, typed, async ({ copies, id }, signal) => {
        const copy = await openOne(copies, id, flags, signal)
        await writeWhole(file, copy, copies)
        if (flags.handedOver === true) accepted(await noteHandedOver(copies.deps, id, { user: userOf(flags.user ?? ''), copy }))
        const { end } = copy
        const facts = { request: id, file, pieces: end.pieces, told: toldBy(copy), withheld: withheldIn(end), notRead: end.unread }
        if (flags.json) printJson(facts)
        else {
          printLine(`${file}: ${end.pieces} pieces; only this user can read the file.`)
          if (facts.withheld > 0)
            printLine(`${facts.withheld} texts may name somebody else and are held back: "accord request review ${id.slice(0, 8)}"`)
          for (const line of end.unread) printLine(`not read: ${line}`)
        }
      })
    })
}

/** Under another name until it is whole; readable by nobody else. */
async function writeWhole(file: string, copy: Copy, { deps }: CopyDeps): Promise<void> {
  const unfinished = `${file}.part`
  const handle = await open(unfinished, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
    throw new UsageError(
      `${unfinished} is left from an export that was broken off, and may hold personal data: delete it, unless one runs at this moment`,
      { cause: error },
    )
  })
  try {
    await pipeline(await openZip(copy, deps.shell.log), handle.createWriteStream())
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

export function linkCommand(): Command {
  return new Command('link')
    .description('Answer a request for access or portability: send the person a link by which they fetch the copy, for seven days.')
    .argument('<request>', 'its number')
    .requiredOption('--user <name>', 'who answers')
    .option('--language <language>', `of the copy: ${languages.join(', ')}; otherwise as the person or the company writes`)
    .option('--print', 'do not send it, print it: somebody hands it over')
    .action(async (typed: string, flags: LanguageFlags & { user: string; print?: boolean }) => {
      const settings = readSettings(process.env, flags)
      const mails = flags.print !== true
      if (mails && settings.mail === undefined)
        throw new UsageError('no mail can be sent: set ACCORD_SMTP_URL, ACCORD_MAIL_FROM and ACCORD_PUBLIC_URL, or give --print')
      if (settings.publicUrl === undefined) throw new UsageError('set ACCORD_PUBLIC_URL: the link leads to the service that runs there')
      await withCopies(flags, typed, async ({ copies, id }, signal) => {
        // Sent by the service, which finds it within half a minute.
        const mail = mails ? async () => undefined : null
        const offered = await offerCopy(copies, id, { user: userOf(flags.user), language: languageAsked(flags), mail }, signal)
        if (offered.outcome === 'refused') throw new UsageError(offered.message)
        if (offered.outcome === 'undecided')
          throw new UsageError(
            `${offered.texts.length} texts may name somebody else, and nobody has decided about them: "accord request review ${id.slice(0, 8)}" shows them`,
          )
        const until = new Date(offered.expiresAt).toISOString()
        const link = `${settings.publicUrl}${COPY_PATH}/${offered.token}`
        if (flags.json) printJson({ request: id, until, told: offered.told, notRead: offered.unread, ...(mails ? {} : { link }) })
        else
          printLine(
            mails
              ? `The link is on its way; it works until ${until}.`
              : `${link}\nIt works until ${until}; whoever has it can read the data.`,
          )
      })
    })
}

function languageAsked({ language }: LanguageFlags): Language | null {
  return language === undefined ? null : oneOf('--language', language, languages)
}

async function openOne(copies: CopyDeps, id: string, flags: LanguageFlags, signal: AbortSignal): Promise<Copy> {
  const file = (await loadRequest(copies.deps.shell.db, id))!
  if (!isCopyKind(file.kind)) throw new UsageError(`this is a request for ${file.kind}: it is not answered by a copy`)
  if (file.vault === null) throw new UsageError('this request is closed: nobody knows any more whose data were meant')
  if (file.request.status === 'received' || file.request.status === 'identity-check')
    throw new UsageError('first say who asks: "accord request identify"')
  return openCopy(copies, file, languageAsked(flags) ?? languageOf(file.language, copies.deps.policy.organisation), signal)
}

/** All of it, for what it says at the end alone. */
async function readThrough(copies: CopyDeps, id: string, flags: LanguageFlags, signal: AbortSignal): Promise<Copy> {
  const copy = await openOne(copies, id, flags, signal)
  for await (const _ of copy.pieces()) signal.throwIfAborted()
  return copy
}

type Here = { copies: CopyDeps; id: string }

async function withCopies(flags: Flags, typed: string, work: (here: Here, signal: AbortSignal) => Promise<void>): Promise<void> {
  const opened = await openParts(readSettings(process.env, flags))
  try {
    const copies = openCopyDeps(opened, openErasureDeps(opened))
    const id = await requestId(opened.parts.shell.db, typed)
    await untilInterrupted((signal) => work({ copies, id }, signal), 'again')
  } finally {
    await opened.parts.close()
  }
}
