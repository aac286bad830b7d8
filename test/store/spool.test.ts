import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { openSpool } from '../../src/store/spool.ts'

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = []
  for await (const line of lines) read.push(line)
  return read
}

describe('what is read once and written several times', () => {
  it('comes back as often as wanted, in order, from a file that nobody can name', async () => {
    const before = new Set(await readdir(tmpdir()))
    const spool = await openSpool()
    const lines = Array.from({ length: 3_000 }, (_, i) => JSON.stringify({ i, text: 'é'.repeat(i % 400) }))
    for (const line of lines) await spool.write(line)
    const named = (await readdir(tmpdir())).filter(
      (name) => name.startsWith('accord-') && /^accord-[0-9a-f]{24}$/.test(name) && !before.has(name),
    )
    expect(named).toEqual([])
    expect(await all(spool.read())).toEqual(lines)
    expect(await all(spool.read())).toEqual(lines)
    await spool.close()
    await expect(all(spool.read())).rejects.toThrow()
  })
  it('may be empty', async () => {
    const spool = await openSpool()
    expect(await all(spool.read())).toEqual([])
    await spool.close()
  })
})
