/** How a command starts. */
import { spawn } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startEnv } from '../compiled.ts'
import { run } from './run.ts'

const tell = 'process.stderr.write(`${process.pid} ${process.env.MALLOC_ARENA_MAX} ${process.execArgv}\\n`)'
const before = (code: string): string => `--import=data:text/javascript,${encodeURIComponent(code)}`
const NODE_OPTIONS = before(tell)
const starts = (stderr: string): string[][] =>
  stderr
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' '))
const accord = fileURLToPath(new URL('../../bin/accord.js', import.meta.url))

describe.runIf(process.platform === 'linux')('a command on Linux', () => {
  it('starts anew with one arena for all threads, as the same process, and says and ends as before', async () => {
    const asked = ['sweep', '--no such option']
    const once = await run(asked, { MALLOC_ARENA_MAX: '4', NODE_OPTIONS })
    const again = await run(asked, { MALLOC_ARENA_MAX: '', NODE_OPTIONS })
    const [[before, ...unset] = [], [after, ...set] = [], ...more] = starts(again.stderr)
    expect([unset, set, after]).toEqual([['', ''], ['1', ''], before])
    expect([again.code, again.stdout, more]).toEqual([once.code, once.stdout, starts(once.stderr).slice(1)])
    expect([once.code, starts(once.stderr)[0]![1]]).toEqual([2, '4'])
  })

  it('starts anew once, also where the variable is taken away each time', async () => {
    const taken = `${tell};if (process.env.MALLOC_ARENA_MAX) process.execve = () => process.exit(9);delete process.env.MALLOC_ARENA_MAX`
    const { code, stdout, stderr } = await run(['--version'], { MALLOC_ARENA_MAX: '', NODE_OPTIONS: before(taken) })
    expect([code, stdout.trim(), starts(stderr).map(([, set]) => set)]).toEqual([0, expect.stringMatching(/^\d/), ['', '1']])
  })

  it('goes on as it is where the system lets it start nothing', async () => {
    const refused = '--permission --allow-fs-read=* --allow-fs-write=*'
    const { code, stdout, stderr } = await run(['--version'], { MALLOC_ARENA_MAX: '', NODE_OPTIONS: refused })
    expect([code, stdout.trim(), stderr]).toEqual([0, expect.stringMatching(/^\d/), ''])
  })

  it('reads a file that it was given as a descriptor', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'accord-'))
    await writeFile(join(dir, 'certificate.json'), '{}')
    const file = await open(join(dir, 'certificate.json'))
    const child = spawn(process.execPath, [accord, 'certificate', 'verify', '/dev/fd/3', '--data', dir], {
      env: { ...startEnv(), MALLOC_ARENA_MAX: '' },
      stdio: ['ignore', 'ignore', 'pipe', file.fd],
      timeout: 20_000,
    })
    let said = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text))
    const code = await new Promise((resolve) => child.once('close', resolve))
    await file.close()
    await rm(dir, { recursive: true })
    expect([code, said.trim()]).toEqual([2, '/dev/fd/3: This is no certificate of erasure.'])
  })
})
