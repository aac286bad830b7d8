import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { runHere } from '../cli/here.ts'
import { stage, type Scene } from './scene.ts'
import { consentOf, storedRows } from './stored.ts'
import { contact, contactId, noonAgo, proved, shippedConfig } from './world.ts'

describe('a purpose that is renamed', () => {
  let server: TestPostgres
  let scene: Scene
  let renamed: string
  let told: string
  beforeAll(async () => {
    server = await startPostgres()
    scene = await stage({
      database: await freshDatabase(server.url),
      world: {
        hubspot: {
          contacts: [
            contact(1, 'Ada', 'ada@example.fr', { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(5) }),
          ],
        },
      },
    })
    renamed = await config('renamed', '')
    told = await config('told', 'formerly: [newsletter], ')
    await scene.sweep()
  })
  afterAll(async () => {
    await scene?.close()
    await server.stop()
  })

  /** The purpose has another id, the fields of the CRM have the same names. */
  const config = async (name: string, more: string): Promise<string> => {
    const dir = join(scene.dir, name)
    await mkdir(dir)
    for (const file of ['policy.yaml', 'connections.yaml']) {
      const text = await readFile(join(shippedConfig, file), 'utf8')
      await writeFile(join(dir, file), text.replaceAll(/\bnewsletter\b/g, 'bulletin').replace('{id: bulletin, ', `{id: bulletin, ${more}`))
    }
    return dir
  }

  it('is refused as long as nobody says what became of the refusals, in a change that is tried out as well', async () => {
    const message =
      /^refusals are remembered for the purpose "newsletter", which policy.yaml no longer has: write "formerly: \[newsletter\]"/
    await expect(scene.open({ config: renamed })).rejects.toThrow(message)
    await scene.leave()
    const { code, stderr } = await runHere(['policy', 'diff', renamed, '--config', shippedConfig, '--data', scene.dir], scene.env)
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
  })

  it('keeps its withdrawals under the new name, against a box that is un-ticked and an older yes', async () => {
    await scene.crm.editContact(contactId(1), proved('hubspot', 30) as Record<string, string>)
    await scene.sweep({ config: told })
    const rows = await storedRows((await scene.accord()).db)
    expect(consentOf(rows.get(`contacts/${contactId(1)}`), 'bulletin')).toBe('withdrawn')
  })
})
