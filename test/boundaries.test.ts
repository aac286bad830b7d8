import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = new URL('..', import.meta.url).pathname

/** One import per folder that the architecture forbids, planted in a copy of the lint configuration. */
const forbidden: readonly [file: string, imported: string][] = [
  ['src/core/planted.ts', '../store/records.ts'],
  ['src/core/planted.ts', 'express'],
  ['src/core/sensitive/planted.ts', 'pg'],
  ['src/core/erasure/planted.ts', '../../store/records.ts'],
  ['src/core/erasure/planted.ts', 'express'],
  ['src/config/planted.ts', '../store/records.ts'],
  ['src/connectors/planted.ts', '../tasks/sweep/sweep.ts'],
  ['src/connectors/hubspot/planted.ts', 'jsforce'],
  ['src/connectors/hubspot/planted.ts', '../../store/records.ts'],
  ['src/connectors/hubspot/planted.ts', 'node:http'],
  ['src/connectors/salesforce/planted.ts', '@hubspot/api-client'],
  ['src/connectors/salesforce/planted.ts', '../hubspot/index.ts'],
  ['src/store/planted.ts', '../tasks/sweep/sweep.ts'],
  ['src/store/planted.ts', '../connectors/connector.ts'],
  ['src/tasks/planted.ts', '../connectors/hubspot/index.ts'],
  ['src/tasks/planted.ts', 'express'],
  ['src/tasks/erasure/planted.ts', '../../connectors/hubspot/index.ts'],
  ['src/tasks/erasure/planted.ts', 'nodemailer'],
  ['src/server/planted.ts', '../tasks/sweep/sweep.ts'],
  ['src/server/planted.ts', 'nodemailer'],
  ['src/mail/planted.ts', '../store/mails.ts'],
  ['src/tasks/planted.ts', 'nodemailer'],
  ['src/tasks/planted.ts', 'pdfkit'],
  ['src/recipients/planted.ts', '../store/notices.ts'],
  ['src/tasks/planted.ts', '../recipients/post.ts'],
  ['src/paper/planted.ts', '../store/requests.ts'],
  ['src/tasks/planted.ts', 'yazl'],
  ['src/server/planted.ts', '../paper/access.ts'],
  ['src/sandbox/planted.ts', '../connectors/http.ts'],
  ['src/sandbox/hubspot/planted.ts', '../../connectors/hubspot/index.ts'],
  ['src/sandbox/salesforce/planted.ts', '../../core/consent/consent.ts'],
  ['src/sandbox/people/planted.ts', '../hubspot/store.ts'],
  ['src/sandbox/sync/planted.ts', '../hubspot/store.ts'],
  ['src/newcomer/planted.ts', '../core/consent/consent.ts'],
]

const allowed: readonly [file: string, imported: string][] = [
  ['src/tasks/planted.ts', '../store/records.ts'],
  ['src/tasks/erasure/planted.ts', '../../store/records.ts'],
  ['src/core/erasure/planted.ts', '../consent/consent.ts'],
  ['src/connectors/hubspot/planted.ts', '../connector.ts'],
  ['src/core/planted.ts', 'zod'],
]

describe('import boundaries', () => {
  let folder: string
  let report: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accord-lint-'))
    await cp(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
    for (const [file, imported] of [...forbidden, ...allowed]) {
      const path = join(folder, fileOf(file, imported))
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, `import { planted } from '${imported}'\n\nexport const used = planted\n`)
    }
    report = await lint()
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** One run for all of them: it is its start that takes the time. */
  async function lint(): Promise<string> {
    try {
      const { stdout } = await run(join(root, 'node_modules/.bin/oxlint'), ['-c', '.oxlintrc.json', '--format', 'unix', 'src'], {
        cwd: folder,
      })
      return stdout
    } catch (error) {
      return String((error as { stdout: string }).stdout)
    }
  }

  /** What was said about that file alone. */
  const said = (file: string, imported: string): string =>
    report
      .split('\n')
      .filter((line) => line.startsWith(`${fileOf(file, imported)}:`))
      .join('\n')

  it.each(forbidden)('%s must not import %s', (file, imported) => {
    expect(said(file, imported)).toContain(`'${imported}' import is restricted`)
  })

  it('allows what the layout allows, so that the refusals above mean something', () => {
    for (const [file, imported] of allowed) expect(said(file, imported)).not.toContain('restricted')
  })
})

/** Each pair has a file of its own, in the folder that it is about. */
function fileOf(file: string, imported: string): string {
  return file.replace('planted.ts', `planted-${imported.replaceAll(/\W+/g, '-')}.ts`)
}
