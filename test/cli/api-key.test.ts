import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { runHere } from './here.ts'
import { lastLine, type Ended } from './run.ts'

describe('api-key', () => {
  let server: TestPostgres
  let url: string
  const accord = (...args: string[]): Promise<Ended> => runHere(['api-key', ...args], { DATABASE_URL: url })
  beforeAll(async () => {
    server = await startPostgres()
    url = await freshDatabase(server.url)
    const { close } = await openDatabase({ url, dir: '/nowhere', log: () => undefined })
    await close()
  })
  afterAll(() => server.stop())

  it('shows a key once, lists it without its secret, and ends it', async () => {
    const made = lastLine((await accord('create', 'newsletter form', '--scope', 'consents:write', '--json')).stdout) as Record<
      string,
      string
    >
    expect(made['key']).toMatch(/^accord_[0-9a-f]{16}_[\w-]{43}$/)
    const listed = await accord('list', '--json')
    expect(listed.stdout).not.toContain(made['key']!.split('_').at(-1))
    expect(lastLine(listed.stdout)).toEqual({
      keys: [
        {
          id: made['id'],
          name: 'newsletter form',
          scopes: ['consents:write'],
          createdAt: expect.any(String),
          lastUsedOn: null,
          revokedAt: null,
        },
      ],
    })
    expect((await accord('revoke', made['id']!)).code).toBe(0)
    expect((await accord('revoke', made['id']!)).code).toBe(2)
    expect((await accord('list')).stdout).toContain('newsletter form')
  })

  it.each([
    ['a scope that there is not', ['create', 'form', '--scope', 'everything'], /there is consents:write, consents:read/],
    ['no scope', ['create', 'form'], /--scope/],
    ['an address for a name', ['create', 'ada@example.fr', '--scope', 'consents:read'], /no address/],
  ])('refuses %s', async (_what, args, words) => {
    const { code, stderr } = await accord(...args)
    expect([code, words.test(stderr)]).toEqual([2, true])
  })
})
