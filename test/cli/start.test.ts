/** How a command starts. */
import { describe, expect, it } from 'vitest'
import { run } from './run.ts'

const tell = 'process.stderr.write(`${process.pid} ${process.env.MALLOC_ARENA_MAX} ${process.execArgv}\\n`)'
const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(tell)}`
const starts = (stderr: string): string[][] =>
  stderr
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' '))

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
})
