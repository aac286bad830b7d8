import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { verifyCertificate, type CertificateReport } from '../core/erasure/certificate.ts'
import { printCertificate } from '../paper/certificate.ts'
import { readSettings } from '../settings.ts'
import { loadSigningKey } from '../store/checkpoints.ts'
import { StoreError } from '../store/error.ts'
import { findLedgerKey, ledgerKeyFile, readPublicKey, type LedgerKey } from '../store/keys.ts'
import { issueCertificate } from '../tasks/erasure/certificate.ts'
import { UsageError } from './failure.ts'
import { writeNewFile } from './new-file.ts'
import { printJson, printLine } from './output.ts'
import { oneOf, requestId, withDeps, type Flags } from './request-deps.ts'

const languages = ['fr', 'en'] as const

export function certificateCommand(): Command {
  return new Command('certificate')
    .description('The signed proof of an erasure: issue it, check it, print it.')
    .addCommand(issueCommand())
    .addCommand(verifyCommand())
    .addCommand(printCommand())
}

function issueCommand(): Command {
  return new Command('issue')
    .description('Write the certificate of a request to a file. Refused while the erasure is not proved.')
    .argument('<request>', 'its number')
    .argument('<file>', 'where to, such as erasure.json; an existing file is left alone')
    .action(async (typed: string, file: string, flags: Flags) => {
      const { dataDir } = readSettings(process.env, flags)
      await withDeps(flags, async (deps) => {
        const id = await requestId(deps.shell.db, typed)
        const key = await loadSigningKey(deps.shell.db, dataDir)
        const issued = await issueCertificate(deps, id, key.privateKey)
        if (issued.outcome === 'refused') throw new UsageError(issued.message)
        await writeNewFile(file, (handle) => handle.writeFile(issued.text))
        if (flags.json) printJson({ request: id, standing: issued.certificate.standing, file, key: key.keyId })
        else printLine(`${file}: ${issued.certificate.standing}, signed by the key ${key.keyId}.`)
      })
    })
}

type VerifyFlags = Flags & { publicKey?: string[] }

function verifyCommand(): Command {
  return new Command('verify')
    .description('Was this certificate signed with that key, and is every character as it was? Needs no database and no CRM.')
    .argument('<file>', 'the certificate')
    .option('--public-key <file...>', 'public keys in PEM that may have signed it; otherwise the one of keys/ledger.pem')
    .action(async (file: string, flags: VerifyFlags) => {
      const report = await verified(file, flags)
      if (flags.json)
        printJson(report.ok ? { ok: true, request: report.certificate.request, standing: report.certificate.standing } : report)
      else printLine(report.ok ? `Genuine: request ${report.certificate.request}, ${report.certificate.standing}.` : FAULTS[report.fault])
      if (!report.ok) process.exitCode = 1
    })
}

function printCommand(): Command {
  return new Command('print')
    .description('One page of a certificate that verifies, as PDF.')
    .argument('<file>', 'the certificate')
    .argument('<pdf>', 'where to; an existing file is left alone')
    .option('--language <language>', languages.join(', '), 'fr')
    .option('--public-key <file...>', 'public keys in PEM that may have signed it; otherwise the one of keys/ledger.pem')
    .action(async (file: string, pdf: string, flags: VerifyFlags & { language: string }) => {
      const language = oneOf('--language', flags.language, languages)
      const report = await verified(file, flags)
      if (!report.ok) throw new UsageError(`nothing is printed: ${FAULTS[report.fault]}`)
      const page = await printCertificate(report.certificate, language)
      await writeNewFile(pdf, (handle) => handle.writeFile(page))
      if (flags.json) printJson({ file, pdf, language })
      else printLine(`${pdf} is written.`)
    })
}

const FAULTS: Readonly<Record<Extract<CertificateReport, { ok: false }>['fault'], string>> = {
  'no-certificate': 'This is no certificate of erasure.',
  'unknown-key': 'Nothing is proved: it was signed by a key that is not at hand; give its public half with --public-key.',
  forged: 'FORGED: this is not what was signed.',
}

async function verified(file: string, { publicKey = [], ...flags }: VerifyFlags): Promise<CertificateReport> {
  const { dataDir } = readSettings(process.env, flags)
  const text = await readText(file)
  // Said before any key is asked for: no key makes a certificate of it.
  const first = verifyCertificate(text, new Map())
  if (!first.ok && first.fault === 'no-certificate') throw new UsageError(`${file}: ${FAULTS[first.fault]}`)
  return verifyCertificate(text, await readKeys(dataDir, publicKey))
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`, { cause: error })
  }
}

/** What the command line names is the command line's fault. */
function readGivenKey(file: string): ReturnType<typeof readPublicKey> {
  return readPublicKey(file).catch((error: unknown) => {
    throw error instanceof StoreError ? new UsageError(`--public-key: ${error.message}`, { cause: error }) : error
  })
}

async function readKeys(dir: string, files: readonly string[]): Promise<Map<string, LedgerKey['publicKey']>> {
  if (files.length > 0) return new Map((await Promise.all(files.map(readGivenKey))).map((one) => [one.keyId, one.publicKey]))
  const own = await findLedgerKey(dir)
  if (!own) throw new UsageError(`there is no ${ledgerKeyFile(dir)}: give the public key with --public-key`)
  return new Map([[own.keyId, own.publicKey]])
}
